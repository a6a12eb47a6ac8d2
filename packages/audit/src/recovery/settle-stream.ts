import type { AuditEntry, JsonObject } from '@sallyport/core';
import { inspectStream, type StreamState } from './inspect-stream.ts';
import { quarantineTail } from './quarantine-tail.ts';

/** How to go on with a stream whose last writer is gone. */
export interface SettledStream {
  /** True when there is nothing to do for that writer. */
  readonly finished: boolean;
  readonly nextSeq: number;
  /** The records that end what was open; they belong into the first segment of the new start, together with its first record. */
  readonly closing: readonly AuditEntry[];
  /** What the first record of the new start says about the old one. */
  readonly facts: JsonObject;
  /** Lines that are no records and that no crash explains. */
  readonly damaged: number;
}

/**
 * Looks at the stream and sets unfinished bytes apart. The caller holds its lock. `check` sees every state before anything is
 * changed, and may reject.
 */
export async function settleStream(
  directory: string,
  stream: string,
  check?: (state: StreamState) => Promise<void>,
): Promise<SettledStream> {
  const torn: JsonObject[] = [];
  for (;;) {
    const state = await inspectStream(directory, stream);
    await check?.(state);
    if (state.torn !== undefined) torn.push(await quarantineTail(directory, state.torn));
    // Without that file the segment before it is the last one; its end may be unfinished too.
    if (state.torn?.whole === true) continue;
    const previous = state.segments.at(-1)?.file;
    const { count, lines } = state.damaged;
    return {
      finished: state.finished && torn.length === 0,
      nextSeq: state.nextSeq,
      closing: state.open.map(({ call, closing }) => ({ type: closing, call, outcome: { status: 'aborted' } })),
      facts: {
        ...(previous === undefined ? {} : { previous }),
        ...(state.open.length > 0 && { aborted: state.open.length }),
        ...(torn.length > 0 && { torn }),
        ...(count > 0 && { damaged: { count, lines: lines.map(({ file, line }) => ({ file, line })) } }),
      },
      damaged: count,
    };
  }
}
