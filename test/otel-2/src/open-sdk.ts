import { context, metrics, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { seenPoints, seenSpan, type HostSdk } from './scenario/host-sdk.ts';

class Reader extends MetricReader {
  protected override onForceFlush(): Promise<void> {
    return Promise.resolve();
  }
  protected override onShutdown(): Promise<void> {
    return Promise.resolve();
  }
}

/** Sets up OpenTelemetry 2.x as a host does. */
export function openSdk(): HostSdk {
  const exporter = new InMemorySpanExporter();
  const reader = new Reader();
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
  metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }));
  const tracer = trace.getTracer('host');
  return {
    line: '2.x',
    inSpan: (name, fn) => tracer.startActiveSpan(name, (span) => fn(() => span.end())),
    work(name, baggageKey) {
      tracer.startSpan(name).end();
      return propagation.getActiveBaggage()?.getEntry(baggageKey)?.value;
    },
    spans: () => exporter.getFinishedSpans().map(seenSpan),
    points: async () => seenPoints((await reader.collect()).resourceMetrics),
  };
}
