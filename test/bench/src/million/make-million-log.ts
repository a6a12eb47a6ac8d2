import { openAuditLog } from '@sallyport/audit';
import { systemClock, type AuditEntry, type Clock } from '@sallyport/core';
import { millionCallers } from './million-callers.ts';
import { millionEntries } from './million-entries.ts';

export interface MakeMillionLogOptions {
  /** Facts that are recorded, about: the writer adds a few of its own to each stream. */
  readonly records: number;
  /** Streams, one after the other with the same span of time. Default 3. */
  readonly streams?: number;
  /** Bytes of a segment. Default 64 MiB. */
  readonly segmentBytes?: number;
}

/** The time that the log covers. */
export const millionSpan: { readonly fromMs: number; readonly days: number } = {
  fromMs: Date.UTC(2026, 9, 1),
  days: 30,
};

/** First part of the names of the log's keys; `pod-0` and so on follow. */
const millionOrigin = 'bench.example';

const dayMs = 86_400_000;
/** Appends that wait at a time. */
const waiting = 2048;

/**
 * Writes a log as a busy server does, at full speed, through the product's own writer: several streams of several segments, with
 * checkpoints, hash keys and signing keys. Its time is that of `millionSpan`, whenever it is made. The facts are the same in every run;
 * ids, boots and signatures are not.
 */
export async function makeMillionLog(directory: string, options: MakeMillionLogOptions): Promise<void> {
  const { records, streams = 3, segmentBytes = 64 * 1024 * 1024 } = options;
  const callers = millionCallers();
  for (let stream = 0; stream < streams; stream += 1) {
    const count = Math.floor((records * (stream + 1)) / streams) - Math.floor((records * stream) / streams);
    const time = createSteppedClock(count);
    const log = await openAuditLog({
      directory,
      stream: `pod-${stream}`,
      origin: millionOrigin,
      hashKey: Buffer.alloc(32, 2),
      signingKey: Buffer.alloc(32, 3 + stream),
      rotate: { bytes: segmentBytes },
      recoverOthers: false,
      clock: time.clock,
    });
    const open = new Map<string, AuditEntry>();
    let appends: Promise<void>[] = [];
    const append = async (entry: AuditEntry): Promise<void> => {
      time.step();
      note(open, entry);
      appends.push(log.append(entry));
      if (appends.length < waiting) return;
      await Promise.all(appends);
      appends = [];
    };
    let written = 0;
    const burst = { from: Math.floor(count * 0.5), to: Math.floor(count * 0.502) };
    for (const entry of millionEntries({ callers, seed: stream + 1, burst })) {
      // What is open gets its end, so that the log is complete.
      if (written + open.size >= count) break;
      await append(entry);
      written += 1;
    }
    for (const entry of open.values())
      await append({ ...entry, type: 'mcp.outcome', outcome: { status: 'cancelled' } });
    await Promise.all(appends);
    await log.close();
  }
}

function note(open: Map<string, AuditEntry>, entry: AuditEntry): void {
  const { call = '', type, principal, mcp, target } = entry;
  if (type === 'mcp.outcome') open.delete(call);
  else if (type === 'mcp.decision' && entry.decision?.effect === 'allow') {
    const about = { ...(principal && { principal }), ...(mcp && { mcp }), ...(target && { target }) };
    open.set(call, { type, call, ...about });
  }
}

/** A clock that goes on by the same step for each record, and reaches the end of the span with the last. */
function createSteppedClock(steps: number): { readonly clock: Clock; step(): void } {
  const stepMs = (millionSpan.days * dayMs) / Math.max(1, steps);
  const fromNs = systemClock.monotonicNs();
  let step = 0;
  return {
    clock: {
      now: () => Math.floor(millionSpan.fromMs + step * stepMs),
      monotonicNs: () => fromNs + BigInt(Math.floor(step * stepMs)) * 1_000_000n,
    },
    step() {
      step += 1;
    },
  };
}
