import { availableParallelism } from 'node:os';
import { errorCode, errorText } from '../log/error-code.ts';
import { signedEnds } from '../read/signed-ends.ts';
import { packedProblem, packedSegments } from '../segment/packed-segments.ts';
import { createLocalPool, createWorkerPool, type PiecePool } from './piece-pool.ts';
import { planScan } from './plan-scan.ts';
import type { PieceResult, ScanOrder } from './scan-order.ts';
import type { ScanWork } from './scan-task.ts';
import { StreamJoin, truncated, type ScanFinding } from './stream-join.ts';

export interface ScanAuditLogOptions<Data, Result> extends ScanWork<Data, Result> {
  /** Only this stream; default all of the directory. */
  readonly stream?: string;
  /** Threads that read. Default: as many as there are processors, at most 8; none but this one for less than 32 MiB. */
  readonly threads?: number;
}

/** The next piece of a log. */
export interface ScannedPiece<Result> {
  readonly stream: string;
  /** File name without its directory. */
  readonly file: string;
  /** Lines that are records of the stream in their place, also those that are not selected. */
  readonly records: number;
  readonly rows: readonly string[];
  /** What is wrong with lines. The first thousand of a piece. */
  readonly findings: readonly ScanFinding[];
  /** How many more there are. */
  readonly omittedFindings: number;
  /** What the task made of the piece. */
  readonly result: Result | undefined;
  /** Bytes that have been read, of all. */
  readonly doneBytes: number;
  readonly allBytes: number;
}

const alone = 32 * 1024 * 1024;
const maxThreads = 8;

/**
 * Reads an audit log as fast as the processors allow, in the order of (stream, seq) and in bounded memory. Every line is checked: it
 * is a record, of this stream, with the number that comes next; what is wrong is told, nothing is left out silently. Only the records
 * that may be selected are read in full. Needs no lock and changes nothing; of a log that is being written it shows what is there.
 *
 * It does not show that nobody rewrote the log, nor that every call has an end: see `verifyAuditLog`.
 *
 * @throws SetupError `ERR_AUDIT_DIRECTORY` when the directory can not be read or holds no segment.
 */
export function scanAuditLog<Data, Result>(
  directory: string,
  options: ScanAuditLogOptions<Data, Result>,
): AsyncGenerator<ScannedPiece<Result>, void, undefined> {
  return scanAuditLogWith(directory, options);
}

/** The same with pieces of another size. */
export async function* scanAuditLogWith<Data, Result>(
  directory: string,
  options: ScanAuditLogOptions<Data, Result>,
  pieceBytes?: number,
): AsyncGenerator<ScannedPiece<Result>, void, undefined> {
  // Before the records: a log that is being written goes on.
  const signed = new Map(await signedEnds(directory, options.stream));
  const orders = await planScan(directory, options.stream, pieceBytes);
  const packed = await packedSegments(directory, options.stream);
  const allBytes = orders.reduce((sum, { from, to }) => sum + to - from, 0);
  const pool = createPool(options, allBytes);
  let doneBytes = 0;
  let join: StreamJoin | undefined;
  const queue: Promise<Scanned<Result>>[] = [];
  let asked = 0;
  try {
    for (const [index, order] of orders.entries()) {
      for (; asked < orders.length && asked < index + pool.ahead; asked += 1) {
        queue.push(scanned(pool, orders[asked] ?? order));
      }
      let found = await (queue.shift() ?? scanned(pool, order));
      join ??= new StreamJoin(order.stream);
      if ('piece' in found && join.mustRepeat(found.piece, order)) {
        found = await scanned(pool, { ...order, nextSeq: join.nextSeq });
      }
      doneBytes += order.to - order.from;
      const { stream, file } = order;
      const next = orders[index + 1];
      const { findings, ...rest } = pieceOf(join, order, found);
      if (next?.stream !== stream) {
        findings.push(...join.finish(signed.get(stream)));
        signed.delete(stream);
        join = undefined;
      }
      if (next === undefined) {
        // What is signed of streams that have no segment.
        for (const end of signed.values()) findings.push(...truncated(end, undefined));
        for (const one of packed) findings.push(unreadable(one, packedProblem));
      }
      yield { stream, file, ...rest, findings, doneBytes, allBytes };
    }
  } finally {
    // Nobody waits for what was asked for in vain.
    for (const one of queue) one.catch(() => undefined);
    await pool.close();
  }
}

type Scanned<Result> = { readonly piece: PieceResult<Result> } | { readonly problem: string };

/** What a piece is in its stream. */
function pieceOf<Result>(join: StreamJoin, order: ScanOrder, found: Scanned<Result>) {
  const { stream, file } = order;
  if ('problem' in found) {
    const findings = [unreadable({ stream, file }, found.problem)];
    return { records: 0, rows: [], findings, omittedFindings: 0, result: undefined };
  }
  const { records, omitted: omittedFindings, result } = found.piece;
  return { records, ...join.add(order, found.piece), omittedFindings, result };
}

function unreadable({ stream, file }: Pick<ScanOrder, 'stream' | 'file'>, problem: string): ScanFinding {
  return { code: 'unreadable', stream, file, line: 0, problem };
}

function scanned<Result>(pool: PiecePool<Result>, order: ScanOrder): Promise<Scanned<Result>> {
  return pool.scan(order).then(
    (piece) => ({ piece }),
    (error: unknown) => {
      // Only what the disk says is a fact about the log.
      if (errorCode(error) === undefined) throw error;
      return { problem: `the segment can not be read (${errorText(error)})` };
    },
  );
}

function createPool<Data, Result>(options: ScanAuditLogOptions<Data, Result>, allBytes: number): PiecePool<Result> {
  const { threads = allBytes < alone ? 0 : Math.min(availableParallelism(), maxThreads) } = options;
  // The sources of a checkout are no modules that a thread could load.
  const local = threads <= 0 || import.meta.url.endsWith('.ts');
  return local ? createLocalPool(options) : createWorkerPool(options, threads);
}
