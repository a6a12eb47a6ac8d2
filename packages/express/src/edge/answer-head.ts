import { validateHeaderName, validateHeaderValue } from 'node:http';
import type { Passage } from '../passage/passage.ts';

/** Status and headers of a handler's answer, names in lower case. */
export interface AnswerHead {
  readonly status: number;
  readonly headers: Map<string, string | readonly string[]>;
}

/** Headers only the guard may set, or that describe a connection and not the answer. */
const dropped = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'content-length',
  'www-authenticate',
  'dpop-nonce',
]);

/** What allows a shared cache to keep an answer to a request with credentials (RFC 9111 §3.5). */
const sharing: ReadonlySet<string> = new Set(['public', 's-maxage', 'must-revalidate']);

/** What keeps an answer out of shared caches, when it has no argument: `private="x"` speaks of one header only. */
const keepingPrivate: ReadonlySet<string> = new Set(['private', 'no-store']);

/**
 * Takes over a handler's headers: CORS stays ours, an answer to one caller is never marked as cacheable for all.
 *
 * @throws RangeError or TypeError for what could not be sent
 */
export function answerHead(
  passage: Passage,
  status: number,
  headers: Iterable<readonly [string, string | readonly string[]]>,
): AnswerHead {
  if (!Number.isInteger(status) || status < 200 || status > 999)
    throw new RangeError(`${status} is not the status of an answer`);
  const kept = new Map<string, string | readonly string[]>();
  for (const [name, value] of headers) {
    validateHeaderName(name);
    for (const line of typeof value === 'string' ? [value] : value) validateHeaderValue(name, line);
    const lower = name.toLowerCase();
    if (!dropped.has(lower) && !lower.startsWith('access-control-')) kept.set(lower, value);
  }
  kept.set('cache-control', cachingOf(kept));
  if (passage.runtime.config.legacy !== 'handler') kept.delete('mcp-session-id');
  return { status, headers: kept };
}

/** What the handler says, when it is `private` or `no-store` and nothing that allows sharing; else `no-store`. */
function cachingOf(headers: AnswerHead['headers']): string {
  const given = String(headers.get('cache-control') ?? '');
  const directives = given.split(',').map((directive) => directive.trim().toLowerCase());
  const isPrivate = directives.some((directive) => keepingPrivate.has(directive));
  if (isPrivate && !directives.some((directive) => sharing.has(nameOf(directive)))) return given;
  // A proxy that compresses a stream would hold it back.
  const unchanged = directives.includes('no-transform') || essenceOf(headers) === 'text/event-stream';
  return unchanged ? 'no-store, no-transform' : 'no-store';
}

function nameOf(directive: string): string {
  const [name = ''] = directive.split('=', 1);
  return name.trim();
}

/** The media type without parameters, in lower case; empty when there is none. */
export function mediaType(head: AnswerHead): string {
  return essenceOf(head.headers);
}

function essenceOf(headers: AnswerHead['headers']): string {
  const [essence = ''] = String(headers.get('content-type') ?? '').split(';', 1);
  return essence.trim().toLowerCase();
}

/** True when the body is encoded in a way the edge can not look through. */
export function isEncoded(head: AnswerHead): boolean {
  const coding = String(head.headers.get('content-encoding') ?? '').toLowerCase();
  return coding !== '' && coding !== 'identity';
}
