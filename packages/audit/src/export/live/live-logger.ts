import type { Context } from '@opentelemetry/api';
import type { FlatAttributes } from '../otlp/flat-attributes.ts';

/** One log record as the OpenTelemetry Logs API takes it. */
export interface LiveLogRecord {
  readonly eventName: string;
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
  readonly severityNumber: number;
  readonly severityText: string;
  readonly body: string;
  readonly attributes: FlatAttributes;
  /** Holds the span of the call, when it was traced. */
  readonly context?: Context;
}

/** The part of an OpenTelemetry `Logger` that is used; any line of the SDK has it. */
export interface LiveLogger {
  emit(record: LiveLogRecord): void;
}
