import type { Passage } from '../passage/passage.ts';

/** Status and headers of a handler's answer, names in lower case. */
export interface AnswerHead {
  readonly status: number;
  readonly headers: Map<string, string | readonly string[]>;
}

/** Headers only the guard may set, or that describe a connection and not the answer. */
const dropped = new Set(['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'www-authenticate']);

/** Takes over a handler's headers: CORS stays ours, an answer to one caller is never marked as cacheable for all. */
export function answerHead(
  passage: Passage,
  status: number,
  headers: Iterable<readonly [string, string | readonly string[]]>,
): AnswerHead {
  const kept = new Map<string, string | readonly string[]>();
  for (const [name, value] of headers) {
    const lower = name.toLowerCase();
    if (!dropped.has(lower) && !lower.startsWith('access-control-')) kept.set(lower, value);
  }
  const caching = String(kept.get('cache-control') ?? '').toLowerCase();
  if (caching === '' || caching.includes('public')) kept.set('cache-control', 'no-store');
  if (passage.runtime.config.legacy !== 'handler') kept.delete('mcp-session-id');
  return { status, headers: kept };
}

/** The media type without parameters, in lower case; empty when there is none. */
export function mediaType(head: AnswerHead): string {
  const [essence = ''] = String(head.headers.get('content-type') ?? '').split(';', 1);
  return essence.trim().toLowerCase();
}

/** True when the body is encoded in a way the edge can not look through. */
export function isEncoded(head: AnswerHead): boolean {
  const coding = String(head.headers.get('content-encoding') ?? '').toLowerCase();
  return coding !== '' && coding !== 'identity';
}
