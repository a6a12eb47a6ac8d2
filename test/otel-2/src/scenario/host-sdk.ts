/** A finished span, the same for every line of the SDK. */
export interface SeenSpan {
  readonly name: string;
  readonly kind: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly links: readonly string[];
  /** Nanoseconds since the epoch, as decimal texts. */
  readonly start: string;
  readonly end: string;
  readonly status: { readonly code: number; readonly message?: string };
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly scope: string;
}

/** One series of a metric. */
export interface SeenPoint {
  readonly name: string;
  readonly unit: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** How often something was measured, or the value of what is no histogram. */
  readonly value: number;
  /** Upper bounds of the buckets; empty for what is no histogram. */
  readonly boundaries: readonly number[];
}

/** The OpenTelemetry of a host, registered globally with exporters in memory. */
export interface HostSdk {
  /** `2.x` or `3.x`. */
  readonly line: string;
  /** Runs something in a span of the host, as its HTTP instrumentation would, and gives it a way to end the span. */
  inSpan<T>(name: string, fn: (end: () => void) => T): T;
  /** What a tool does: a span of its own. Gives a member of the active baggage. */
  work(name: string, baggageKey: string): string | undefined;
  spans(): readonly SeenSpan[];
  points(): Promise<readonly SeenPoint[]>;
}

/** The parts of a span that both lines call the same. */
interface ReadSpan {
  readonly name: string;
  readonly kind: number;
  spanContext(): { readonly traceId: string; readonly spanId: string };
  readonly parentSpanContext?: { readonly spanId: string };
  readonly links: readonly { readonly context: { readonly traceId: string } }[];
  readonly startTime: readonly [number, number];
  readonly endTime: readonly [number, number];
  readonly status: { readonly code: number; readonly message?: string };
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly instrumentationScope: { readonly name: string };
}

/** A span as the exporter has it. */
export function seenSpan(span: ReadSpan): SeenSpan {
  const { name, kind, status, attributes } = span;
  return {
    name,
    kind,
    ...span.spanContext(),
    parentSpanId: span.parentSpanContext?.spanId,
    links: span.links.map((link) => link.context.traceId),
    start: nanoseconds(span.startTime),
    end: nanoseconds(span.endTime),
    status,
    attributes,
    scope: span.instrumentationScope.name,
  };
}

function nanoseconds([seconds, nanos]: readonly [number, number]): string {
  return String(BigInt(seconds) * 1_000_000_000n + BigInt(nanos));
}

/** The parts of what a metric reader collects that both lines call the same. */
interface Collected {
  readonly scopeMetrics: readonly {
    readonly metrics: readonly {
      readonly descriptor: { readonly name: string; readonly unit: string };
      readonly dataPoints: readonly {
        readonly attributes: Readonly<Record<string, unknown>>;
        readonly value: unknown;
      }[];
    }[];
  }[];
}

/** The series of what was collected. */
export function seenPoints({ scopeMetrics }: Collected): readonly SeenPoint[] {
  return scopeMetrics
    .flatMap(({ metrics }) => metrics)
    .flatMap(({ descriptor: { name, unit }, dataPoints }) =>
      dataPoints.map(({ attributes, value }) => ({ name, unit, attributes, ...readValue(value) })),
    );
}

function readValue(value: unknown): Pick<SeenPoint, 'value' | 'boundaries'> {
  if (typeof value === 'number') return { value, boundaries: [] };
  const { count, buckets } = value as { count: number; buckets: { boundaries: number[] } };
  return { value: count, boundaries: buckets.boundaries };
}
