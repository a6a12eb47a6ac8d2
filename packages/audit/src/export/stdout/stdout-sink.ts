import type { Writable } from 'node:stream';
import { errorCode, errorText } from '../../log/error-code.ts';
import type { ExportBatch, ExportSink, SendResult } from '../export-sink.ts';

export interface StdoutSinkOptions {
  /** Where to write. Default `process.stdout`. */
  readonly stream?: Writable;
}

const closed: ReadonlySet<string | undefined> = new Set([
  'EPIPE',
  'ERR_STREAM_DESTROYED',
  'ERR_STREAM_WRITE_AFTER_END',
]);
const lineFeed = Buffer.from('\n');

/**
 * Writes every record as the line it is in the log to standard output, for a platform that collects what containers print. A record
 * counts as accepted when the system has taken all of its bytes; until then nothing more is written, so that nothing piles up while
 * nobody reads.
 *
 * A standard output that somebody closed (EPIPE) is no reason to stop: from the first batch on its errors are handled here.
 */
export function createStdoutSink(options: StdoutSinkOptions = {}): ExportSink {
  const { stream = process.stdout } = options;
  const ignore = (): void => undefined;
  let listening = false;
  return {
    send(batch, signal) {
      // Without a listener an error of the stream would end the process; what it is, the callback of the write says.
      if (!listening) stream.on('error', ignore);
      listening = true;
      return write(stream, batch, signal);
    },
  };
}

function write(stream: Writable, { records }: ExportBatch, signal: AbortSignal): Promise<SendResult> {
  const bytes = Buffer.concat(records.flatMap(({ line }) => [line, lineFeed]));
  return new Promise((resolve) => {
    const abort = (): void => finish({ kind: 'retry', problem: 'nobody reads standard output' });
    const finish = (result: SendResult): void => {
      signal.removeEventListener('abort', abort);
      resolve(result);
    };
    signal.addEventListener('abort', abort, { once: true });
    stream.write(bytes, (error) => finish(resultOf(error)));
  });
}

function resultOf(error: Error | null | undefined): SendResult {
  if (error === null || error === undefined) return { kind: 'accepted' };
  if (closed.has(errorCode(error))) return { kind: 'misconfigured', problem: 'standard output is closed' };
  return { kind: 'retry', problem: errorText(error) };
}
