import { isJsonObject, parseStrictJson, type JsonObject, type Revocation } from '@sallyport/core';
import { isIdentifier } from '../jwt/identifier.ts';

/** One line of a revocation file. */
export interface RevocationLine {
  /** Who reads its own lines knows them by it. */
  readonly id: string;
  readonly entry: Revocation;
  /** Milliseconds since the epoch until which the entry is kept. */
  readonly untilMs: number;
}

/** No line is longer, in bytes: every text in it is bounded. */
export const maxLineBytes = 16_384;

const known: ReadonlySet<string> = new Set(
  'v id at issuer jti session subject issuedUpTo sessionlessOnly until'.split(' '),
);

/** A line with its line break. `nowMs` becomes `at`, which is for people. */
export function formatRevocation({ id, entry, untilMs }: RevocationLine, nowMs: number): string {
  const head = { v: 1, id, at: new Date(nowMs).toISOString(), issuer: entry.issuer };
  return `${JSON.stringify({ ...head, ...subjectOf(entry), until: new Date(untilMs).toISOString() })}\n`;
}

function subjectOf(entry: Revocation): JsonObject {
  switch (entry.kind) {
    case 'token':
      return { jti: entry.tokenId };
    case 'session':
      return { session: entry.sessionId };
    case 'subject':
      return {
        subject: entry.subject,
        issuedUpTo: entry.issuedUpTo,
        ...(entry.sessionlessOnly === true && { sessionlessOnly: true }),
      };
  }
}

/**
 * Reads a line without its line break; a text says what is wrong with it. Strict: a field nobody knows could change what is revoked, so
 * a line that has one is not understood.
 */
export function parseRevocation(bytes: Uint8Array): RevocationLine | string {
  if (bytes.length > maxLineBytes) return 'the line is too long';
  let value: unknown;
  try {
    value = parseStrictJson(bytes, { jsonDepth: 2 });
  } catch {
    return 'the line is not JSON';
  }
  if (!isJsonObject(value)) return 'the line is not a JSON object';
  const unknown = Object.keys(value).find((name) => !known.has(name));
  if (unknown !== undefined) return 'the line has a field that is not known';
  const { v, id, issuer, until } = value;
  if (v !== 1) return 'v is not 1';
  if (!isIdentifier(id)) return 'id is not a text';
  if (!isIdentifier(issuer, 2048)) return 'issuer is not a text';
  const untilMs = typeof until === 'string' ? Date.parse(until) : NaN;
  if (Number.isNaN(untilMs)) return 'until is not a date';
  const entry = readEntry(value, issuer);
  return typeof entry === 'string' ? entry : { id, entry, untilMs };
}

function readEntry(value: JsonObject, issuer: string): Revocation | string {
  const { jti, session, subject, issuedUpTo, sessionlessOnly } = value;
  if ([jti, session, subject].filter((one) => one !== undefined).length !== 1)
    return 'the line has not exactly one of jti, session and subject';
  if (subject === undefined && (issuedUpTo !== undefined || sessionlessOnly !== undefined))
    return 'issuedUpTo and sessionlessOnly belong to a subject';
  if (jti !== undefined) return isIdentifier(jti, 256) ? { kind: 'token', issuer, tokenId: jti } : 'jti is not a text';
  if (session !== undefined)
    return isIdentifier(session) ? { kind: 'session', issuer, sessionId: session } : 'session is not a text';
  if (!isIdentifier(subject)) return 'subject is not a text';
  if (typeof issuedUpTo !== 'number' || !Number.isFinite(issuedUpTo)) return 'issuedUpTo is not a number';
  if (sessionlessOnly !== undefined && typeof sessionlessOnly !== 'boolean')
    return 'sessionlessOnly is not true or false';
  return { kind: 'subject', issuer, subject, issuedUpTo, ...(sessionlessOnly === true && { sessionlessOnly }) };
}
