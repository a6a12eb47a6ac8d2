import { createHash } from 'node:crypto';
import type { JsonObject } from '@sallyport/core';

/** Longest text that is recorded. */
const maxRecorded = 4096;

/**
 * What is recorded of a statement: its text, of a long one the beginning, and its digest. `hide`: the digest alone, because the
 * log holds no subjects in clear and a statement may name one.
 */
export function sqlFacts(sql: string, hide: boolean): JsonObject {
  const sqlDigest = `sha256:${createHash('sha256').update(sql).digest('hex')}`;
  if (hide) return { sqlDigest };
  return { sql: sql.length > maxRecorded ? `${sql.slice(0, maxRecorded)}…` : sql, sqlDigest };
}
