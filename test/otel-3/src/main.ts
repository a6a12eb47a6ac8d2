import * as nodeModule from 'node:module';

const telemetry = JSON.parse(process.argv[2] ?? '{}') as Record<string, unknown>;
if (process.argv[3] === 'one-api') shareApi();
const { runScenario } = await import('@sallyport-test/otel-2/scenario');
const { openSdk } = await import('./open-sdk.ts');
process.stdout.write(JSON.stringify(await runScenario(openSdk(), telemetry)));

interface ResolveHooks {
  registerHooks(hooks: {
    resolve(
      specifier: string,
      context: { readonly parentURL?: string },
      next: (specifier: string, context: { readonly parentURL?: string }) => unknown,
    ): unknown;
  }): void;
}

/** Gives everybody the host's copy of the API, as a package manager does that finds one that suits all. */
function shareApi(): void {
  (nodeModule as unknown as ResolveHooks).registerHooks({
    resolve: (specifier, context, next) =>
      next(specifier, specifier === '@opentelemetry/api' ? { ...context, parentURL: import.meta.url } : context),
  });
}
