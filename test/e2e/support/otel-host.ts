import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ScenarioReport } from '@sallyport-test/otel-2/scenario';

export type { ScenarioReport } from '@sallyport-test/otel-2/scenario';

/** A host with OpenTelemetry in a process of its own. `one api`: guard and host share one copy of `@opentelemetry/api`. */
export type OtelHost = '2.x' | '3.x' | '3.x, one api';

/** OpenTelemetry 3.x needs Node 22.15, and so does sharing the copy. */
export function runsHere(host: OtelHost): boolean {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  return host === '2.x' || major > 22 || (major === 22 && minor >= 15);
}

/** Plays the scenario of `test/otel-2` in such a host. */
export function playIn(host: OtelHost, telemetry: Readonly<Record<string, unknown>> = {}): ScenarioReport {
  const program = fileURLToPath(new URL(`../../otel-${host[0]}/dist/main.js`, import.meta.url));
  const mode = host === '3.x, one api' ? ['one-api'] : [];
  const ran = spawnSync(process.execPath, [program, JSON.stringify(telemetry), ...mode], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (ran.status !== 0) throw new Error(`the host with OpenTelemetry ${host} failed\n${ran.stderr}`);
  return JSON.parse(ran.stdout) as ScenarioReport;
}
