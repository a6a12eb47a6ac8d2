import type { ExportBatch, ExportedRecord, ExportSink, SendResult } from './export-sink.ts';
import { errorText } from '../log/error-code.ts';

const graceMs = 500;
/** So often the connection is cut before the same records are sent in halves. One that is alone is never given up for it. */
const maxCuts = 3;

/** What follows the sending of a part of a batch. */
export interface DeliveryHooks {
  /** The receiver has everything up to this record. */
  accepted(records: readonly ExportedRecord[], warning: string | undefined): Promise<void>;
  /** The receiver will never take this record. Resolves when it is kept elsewhere. */
  poison(record: ExportedRecord, problem: string): Promise<void>;
  /** The receiver said that so much is too large. */
  tooLarge(bytes: number): void;
  /** Resolves when the next attempt is due; false when there will be none. */
  again(result: SendResult & { readonly kind: 'retry' | 'misconfigured' }): Promise<boolean>;
}

/**
 * Sends a batch until every record of it is acknowledged or kept as a dead letter, in order. A part that is refused is sent again in
 * halves, until the record that is the cause is alone. Resolves to false when it was given up because of the end of the process.
 */
export async function deliverBatch(
  batch: ExportBatch,
  sink: ExportSink,
  hooks: DeliveryHooks,
  signal: AbortSignal,
): Promise<boolean> {
  const parts: (readonly ExportedRecord[])[] = [batch.records];
  let cuts = 0;
  for (let part = parts[0]; part !== undefined; part = parts[0]) {
    if (signal.aborted) return false;
    let result = await send(sink, { ...batch, records: part }, signal);
    cuts = result.kind === 'retry' && result.cut === true ? cuts + 1 : 0;
    if (cuts >= maxCuts && part.length > 1) {
      cuts = 0;
      result = { kind: 'refused', problem: 'the connection was cut', tooLarge: true };
    }
    if (result.kind === 'accepted') {
      parts.shift();
      await hooks.accepted(part, result.warning);
    } else if (result.kind === 'refused') {
      parts.shift();
      const [first] = part;
      if (result.tooLarge === true) hooks.tooLarge(part.reduce((sum, { line }) => sum + line.length + 1, 0));
      if (part.length > 1) {
        const half = Math.ceil(part.length / 2);
        parts.unshift(part.slice(0, half), part.slice(half));
      } else if (first !== undefined) await hooks.poison(first, result.problem);
    } else if (!(await hooks.again(result))) return false;
  }
  return true;
}

async function send(sink: ExportSink, batch: ExportBatch, signal: AbortSignal): Promise<SendResult> {
  const late = lateResult(signal);
  try {
    return await Promise.race([sink.send(batch, signal), late.result]);
  } catch (error) {
    return { kind: 'retry', problem: errorText(error) };
  } finally {
    late.cancel();
  }
}

/** The result of a sink that does not settle although `signal` is aborted: nobody waits for it any more. */
function lateResult(signal: AbortSignal): { readonly result: Promise<SendResult>; cancel(): void } {
  let timer: NodeJS.Timeout | undefined;
  let start: () => void = () => undefined;
  const result = new Promise<SendResult>((resolve) => {
    start = () => {
      timer = setTimeout(() => resolve({ kind: 'retry', problem: 'it did not stop in time' }), graceMs);
    };
    signal.addEventListener('abort', start, { once: true });
  });
  return {
    result,
    cancel() {
      clearTimeout(timer);
      signal.removeEventListener('abort', start);
    },
  };
}
