import { context, metrics, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import { MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import { BasicTracerProvider, BatchSpanProcessor, type ReadableSpan } from '@opentelemetry/sdk-trace-base';
import type { TelemetryCase } from './telemetry-case.ts';

/** A host of the bench: how many spans its exporter got. */
export interface Host {
  exported(): number;
}

/** Keeps what was measured until somebody asks, which nobody does. */
class Reader extends MetricReader {
  protected override onForceFlush(): Promise<void> {
    return Promise.resolve();
  }
  protected override onShutdown(): Promise<void> {
    return Promise.resolve();
  }
}

/** Sets up OpenTelemetry for this process as the case says. */
export function openHost(name: TelemetryCase['name']): Host {
  let spans = 0;
  if (name === 'off') return { exported: () => spans };
  const exporter = {
    export(batch: ReadableSpan[], done: (result: { readonly code: number }) => void) {
      spans += batch.length;
      if (name === 'encoded') ProtobufTraceSerializer.serializeRequest(batch);
      done({ code: 0 });
    },
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(),
  };
  // More room than a host has, so that nothing is dropped and everything is paid for.
  const processor = new BatchSpanProcessor(exporter, { maxQueueSize: 100_000, scheduledDelayMillis: 1 });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [processor] }));
  metrics.setGlobalMeterProvider(new MeterProvider({ readers: [new Reader()] }));
  return { exported: () => spans };
}
