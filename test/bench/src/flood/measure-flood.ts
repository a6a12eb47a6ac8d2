import type { Child } from '../processes/start-child.ts';
import type { FloodOrder, FloodResult, InvalidKind } from './protocol.ts';

/** One kind of invalid tokens, and what they did. */
export interface FloodPhase {
  readonly kind: InvalidKind | 'warm-up';
  readonly tokens: number;
  readonly seconds: number;
  /** What the process holds more than before the flood; of the warm-up, more than before that. */
  readonly rssGrowthMiB: number;
  readonly heapGrowthMiB: number;
  /** Requests to the issuer meanwhile. */
  readonly requests: number;
}

/** The flood as a whole: the warm-up is in `phases` and in nothing else. */
export interface FloodMeasurement {
  readonly tokens: number;
  readonly rssGrowthMiB: number;
  readonly requests: number;
  readonly phases: readonly FloodPhase[];
  readonly void?: string;
}

export interface MeasureFloodOptions {
  readonly guard: Pick<Child, 'ask' | 'next'>;
  readonly tokens: number;
  /** Requests that the issuer has had so far. */
  requests(): number;
  onPhase(kind: FloodPhase['kind'], tokens: number): void;
}

/** The cheapest kind is the most frequent one, so that a million ends within a minute. */
const portions = { garbage: 0.5, 'unknown-key': 0.25 } as const;

/** Of each kind, before what counts: the heap of a process that has refused nobody yet is not that of a server. */
const warmUpTokens = 5_000;

/** How many tokens of each kind make the number. */
export function splitFlood(tokens: number): FloodOrder[] {
  const garbage = Math.round(tokens * portions.garbage);
  const unknown = Math.round(tokens * portions['unknown-key']);
  return [
    { kind: 'garbage', count: garbage },
    { kind: 'unknown-key', count: unknown },
    { kind: 'bad-signature', count: tokens - garbage - unknown },
  ];
}

/** Floods a guard with one kind of invalid tokens after the other, and weighs it after each. */
export async function measureFlood(options: MeasureFloodOptions): Promise<FloodMeasurement> {
  const orders = splitFlood(options.tokens);
  const phases: FloodPhase[] = [];
  let wrong: string | undefined;
  let before = await options.guard.next<FloodResult>();

  async function flood(kind: FloodPhase['kind'], parts: readonly FloodOrder[]): Promise<FloodResult> {
    const tokens = parts.reduce((sum, { count }) => sum + count, 0);
    options.onPhase(kind, tokens);
    const requestsBefore = options.requests();
    let elapsedMs = 0;
    let result = before;
    for (const part of parts) {
      result = await options.guard.ask<FloodResult>(part);
      elapsedMs += result.elapsedMs;
      wrong ??= result.wrong;
    }
    phases.push({
      kind,
      tokens,
      seconds: elapsedMs / 1000,
      rssGrowthMiB: (result.rssBytes - before.rssBytes) / 2 ** 20,
      heapGrowthMiB: (result.heapBytes - before.heapBytes) / 2 ** 20,
      requests: options.requests() - requestsBefore,
    });
    return result;
  }

  const warmUp = orders.map(({ kind, count }) => ({ kind, count: Math.min(count, warmUpTokens) }));
  before = await flood('warm-up', warmUp);
  for (const part of orders) await flood(part.kind, [part]);
  const counted = phases.slice(1);
  return {
    tokens: options.tokens,
    rssGrowthMiB: counted.at(-1)?.rssGrowthMiB ?? NaN,
    requests: counted.reduce((sum, { requests }) => sum + requests, 0),
    phases,
    ...(wrong === undefined ? {} : { void: wrong }),
  };
}
