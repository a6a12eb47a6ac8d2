import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { noLog, segmentsOf } from '../read/segments-of.ts';
import type { ScanOrder } from './scan-order.ts';

/** Bytes of a piece: large enough that handing it over costs nothing, small enough for several in memory. */
const pieceBytes: number = 2 * 1024 * 1024;

/**
 * The pieces of a log in the order of (stream, seq), by the sizes that its files have now. An empty segment is one piece.
 *
 * @throws SetupError `ERR_AUDIT_DIRECTORY` when the directory can not be read or holds no segment.
 */
export async function planScan(
  directory: string,
  stream: string | undefined,
  bytes: number = pieceBytes,
): Promise<ScanOrder[]> {
  const segments = await segmentsOf(directory, stream);
  if (segments.length === 0) throw noLog(directory, stream);
  const orders: ScanOrder[] = [];
  for (const [index, { stream: name, file }] of segments.entries()) {
    const next = segments[index + 1];
    const path = join(directory, file);
    // What can not be looked at is told when it is read.
    const size = await lstat(path).then(
      (stats) => stats.size,
      () => 0,
    );
    const supersededFrom = next?.stream === name ? next.firstSeq : undefined;
    for (let from = 0; from === 0 || from < size; from += bytes) {
      const to = Math.min(size, from + bytes);
      orders.push({ path, stream: name, file, from, to, size, supersededFrom, nextSeq: undefined });
    }
  }
  return orders;
}
