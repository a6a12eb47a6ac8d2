import { trace, type Tracer, type TracerProvider } from '@opentelemetry/api';

/** The tracer to use, or undefined when the host has no SDK: the global provider is a proxy until one is registered. */
export function findTracer(scope: string, given: TracerProvider | undefined): Tracer | undefined {
  if (given !== undefined) return given.getTracer(scope);
  const registered: TracerProvider & { getDelegateTracer?(name: string): Tracer | undefined } =
    trace.getTracerProvider();
  return registered.getDelegateTracer === undefined ? registered.getTracer(scope) : registered.getDelegateTracer(scope);
}
