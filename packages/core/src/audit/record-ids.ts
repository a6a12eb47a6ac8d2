import { randomFillSync } from 'node:crypto';
import { v7 } from 'uuid';

/** Random bytes of one id. */
const idBytes = 16;
const poolBytes = 512 * idBytes;

/**
 * Makes ids of records: UUIDv7 with a counter (RFC 9562 §6.2, method 1), so that ids of one process sort as they were made, also
 * when its clock goes back. Random bytes are drawn for many ids at once: a draw costs as much as everything else of a record.
 */
export function createRecordIds(now: () => number = Date.now): () => string {
  const pool = Buffer.alloc(poolBytes);
  let used = poolBytes;
  let msecs = Number.NEGATIVE_INFINITY;
  let seq = 0;
  return () => {
    if (used === poolBytes) {
      randomFillSync(pool);
      used = 0;
    }
    const random = pool.subarray(used, used + idBytes);
    used += idBytes;
    const current = now();
    if (current > msecs) {
      msecs = current;
      // 31 random bits: the counter does not overflow within a millisecond.
      seq = random.readUInt32BE(6) >>> 1;
    } else {
      seq = (seq + 1) >>> 0;
      if (seq === 0) msecs += 1;
    }
    return v7({ msecs, seq, random });
  };
}
