import type { AuditEntry, Clock } from '@sallyport/core';
import { networkOf } from './network-of.ts';

export interface FloodAggregatorOptions {
  readonly clock: Clock;
  /** Appends one `audit.aggregated` entry, which stands for `count` refusals. */
  readonly record: (entry: AuditEntry, count: number) => Promise<void>;
}

/** Refusals of one window that share a reason and a network. */
interface Tally {
  readonly entry: AuditEntry;
  readonly network: string;
  /** Recorded one by one. */
  single: number;
  /** Counted instead. */
  counted: number;
  firstMs: number;
  lastMs: number;
}

interface Window {
  readonly startNs: bigint;
  readonly tallies: Map<string, Tally>;
  /** What the counted refusals wait for: the records of this window. */
  readonly recorded: Promise<void>;
  readonly finish: (recorded: Promise<void>) => void;
  readonly timer: NodeJS.Timeout;
}

const singlePerWindow = 100;
const windowMs = 1000;
const windowNs = 1_000_000_000n;
/** Networks told apart in one window. The rest share one tally for each reason, so that a scan can not fill the memory. */
const maxNetworks = 1024;
const everyOther = 'other';

/**
 * Counts anonymous refusals beyond 100 a second for each reason and network (/24 or /64): they become one record for each
 * window, with exact count, first and last time. A flood can not fill the disk, and nothing is dropped.
 */
export class FloodAggregator {
  readonly #clock: Clock;
  readonly #record: FloodAggregatorOptions['record'];
  #window: Window | undefined;

  constructor(options: FloodAggregatorOptions) {
    this.#clock = options.clock;
    this.#record = options.record;
  }

  /**
   * Takes an entry into a count and returns what its append resolves to, or returns `undefined`: record it on its own.
   * `pressed`: there is little room for single records, so count from the first one on.
   */
  offer(entry: AuditEntry, pressed: boolean): Promise<void> | undefined {
    const nowNs = this.#clock.monotonicNs();
    if (this.#window !== undefined && nowNs - this.#window.startNs >= windowNs) this.flush();
    this.#window ??= this.#open(nowNs);
    const tally = tallyOf(this.#window.tallies, entry);
    if (tally.single < singlePerWindow && !pressed) {
      tally.single += 1;
      return undefined;
    }
    const nowMs = this.#clock.now();
    if (tally.counted === 0) tally.firstMs = nowMs;
    tally.counted += 1;
    tally.lastMs = nowMs;
    return this.#window.recorded;
  }

  /** Ends the window: what was counted is appended now. */
  flush(): void {
    const window = this.#window;
    if (window === undefined) return;
    this.#window = undefined;
    clearTimeout(window.timer);
    const records: Promise<void>[] = [];
    for (const tally of window.tallies.values()) {
      if (tally.counted > 0) records.push(this.#record(aggregated(tally), tally.counted));
    }
    window.finish(Promise.all(records).then(() => undefined));
  }

  #open(startNs: bigint): Window {
    let finish: Window['finish'] = () => undefined;
    const recorded = new Promise<void>((resolve) => {
      finish = resolve;
    });
    // Refusals are not awaited; one that is lost is counted by the log.
    recorded.catch(() => undefined);
    const timer = setTimeout(() => this.flush(), windowMs);
    timer.unref();
    return { startNs, tallies: new Map(), recorded, finish, timer };
  }
}

/** True for a refusal of somebody unknown: the only records that are ever counted instead of kept one by one. */
export function isAnonymousRefusal(entry: AuditEntry): boolean {
  return entry.principal === undefined && (entry.type === 'auth.failure' || entry.type === 'request.refused');
}

function tallyOf(tallies: Map<string, Tally>, entry: AuditEntry): Tally {
  const network = entry.source === undefined ? 'unknown' : networkOf(entry.source.ip);
  const found = tallies.get(keyOf(entry, network));
  if (found !== undefined) return found;
  const counted = tallies.size < maxNetworks ? network : everyOther;
  const key = keyOf(entry, counted);
  let tally = tallies.get(key);
  if (tally === undefined) {
    tally = { entry, network: counted, single: 0, counted: 0, firstMs: 0, lastMs: 0 };
    tallies.set(key, tally);
  }
  return tally;
}

function keyOf(entry: AuditEntry, network: string): string {
  return `${entry.decision?.reason ?? ''} ${network}`;
}

function aggregated(tally: Tally): AuditEntry {
  const { entry, network, counted, firstMs, lastMs } = tally;
  return {
    type: 'audit.aggregated',
    ...(entry.decision?.reason === undefined ? {} : { decision: { effect: 'deny', reason: entry.decision.reason } }),
    detail: {
      of: entry.type,
      network,
      count: counted,
      firstAt: new Date(firstMs).toISOString(),
      lastAt: new Date(lastMs).toISOString(),
    },
  };
}
