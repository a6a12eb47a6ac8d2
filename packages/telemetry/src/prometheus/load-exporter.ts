import { SetupError } from '@sallyport/core';

/** What a server that has no Prometheus endpoint does not install. */
export interface ExporterModules {
  readonly exporter: typeof import('@opentelemetry/exporter-prometheus');
  readonly sdk: typeof import('@opentelemetry/sdk-metrics');
}

/** What to install: the newest that runs on every supported version of Node. */
export const exporterPackages = '@opentelemetry/exporter-prometheus@0.223.0 @opentelemetry/sdk-metrics@2.12.0';

/**
 * Loads the optional peers of the endpoint.
 *
 * @throws SetupError `ERR_TELEMETRY_PROMETHEUS` when they are not installed, or do not run here
 */
export async function loadExporter(load: () => Promise<ExporterModules> = importPeers): Promise<ExporterModules> {
  try {
    return await load();
  } catch (cause) {
    throw new SetupError({
      code: 'ERR_TELEMETRY_PROMETHEUS',
      field: 'telemetry.prometheus',
      problem: 'the packages of the endpoint can not be loaded',
      remedy: `run npm install ${exporterPackages}, or remove the field`,
      cause,
    });
  }
}

async function importPeers(): Promise<ExporterModules> {
  const exporter = await import('@opentelemetry/exporter-prometheus');
  return { exporter, sdk: await import('@opentelemetry/sdk-metrics') };
}
