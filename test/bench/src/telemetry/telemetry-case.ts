/** A host that a call is observed in. */
export interface TelemetryCase {
  readonly name: 'off' | 'on' | 'encoded';
  readonly what: string;
  /** The most processor time observing a call may take, in microseconds. */
  readonly limitMicros?: number;
}

export const telemetryCases: readonly TelemetryCase[] = [
  { name: 'off', what: 'a host without OpenTelemetry', limitMicros: 1 },
  { name: 'on', what: 'spans of a call and its parts, and metrics, to a batching exporter', limitMicros: 25 },
  { name: 'encoded', what: 'the same, and the exporter encodes what it gets as OTLP protobuf: a cost of the SDK' },
];
