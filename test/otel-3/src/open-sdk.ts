import { context, metrics, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { seenPoints, seenSpan, type HostSdk } from '@sallyport-test/otel-2/scenario';

class Reader extends MetricReader {
  protected override onForceFlush(): Promise<void> {
    return Promise.resolve();
  }
  protected override onShutdown(): Promise<void> {
    return Promise.resolve();
  }
}

/** Sets up OpenTelemetry 3.x as a host does. */
export function openSdk(): HostSdk {
  const exporter = new InMemorySpanExporter();
  const reader = new Reader();
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }));
  metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }));
  const tracer = trace.getTracer('host');
  return {
    line: '3.x',
    inSpan: (name, fn) => tracer.startActiveSpan(name, (span) => fn(() => span.end())),
    work(name, baggageKey) {
      tracer.startSpan(name).end();
      return propagation.getActiveBaggage()?.getEntry(baggageKey)?.value;
    },
    spans: () => exporter.getFinishedSpans().map(seenSpan),
    points: async () => seenPoints((await reader.collect()).resourceMetrics),
  };
}
