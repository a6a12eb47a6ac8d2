import type { AuditEntry, Revocation } from '@sallyport/core';
import { authorizationServers } from '@sallyport/token';
import type { Runtime } from './runtime.ts';
import { closeRevokedStreams } from './revoked-streams.ts';

/** What is revoked: one token by its `jti`, all tokens of a `subject` issued until now, or all tokens of a `session` (`sid`). */
export type RevokeRequest = {
  /** Issuer of the tokens, byte for byte as configured. Identifiers mean nothing without it. */
  readonly issuer: string;
  /**
   * How long the revocation is kept: until every token it concerns has expired. Default: `revocation.lifetimeSeconds` of the
   * configuration from now.
   */
  readonly until?: Date;
} & (
  | { readonly jti: string; readonly subject?: never; readonly session?: never }
  | { readonly jti?: never; readonly subject: string; readonly session?: never }
  | { readonly jti?: never; readonly subject?: never; readonly session: string }
);

/**
 * Makes `revoke` of a suite.
 *
 * It throws a `TypeError` for a request that could never hold: an issuer that is not configured, no identifier or two, an end in the past.
 */
export function createRevoke(runtime: Runtime): (request: RevokeRequest) => Promise<void> {
  const { config, clock } = runtime;
  const own = config.enterpriseToken === undefined ? [] : [config.enterpriseToken];
  const issuers = new Set(authorizationServers([...config.issuers, ...own]));
  return async (request) => {
    const { issuer, until } = request;
    if (!issuers.has(issuer)) throw new TypeError('issuer: is not an issuer of this configuration');
    const nowMs = clock.now();
    const untilMs = until?.getTime() ?? nowMs + config.revocation.lifetimeSeconds * 1000;
    if (!(untilMs > nowMs)) throw new TypeError('until: is not a date in the future');
    // The clock of an issuer may be ahead of ours: what it issued before now must not count as issued later.
    const issuedUpTo = Math.floor(nowMs / 1000) + config.clockSkewSeconds;
    await applyRevocations(runtime, [readEntry(request, issuedUpTo)], untilMs, { detail: { by: 'api' } });
  };
}

function readEntry({ issuer, jti, subject, session }: RevokeRequest, issuedUpTo: number): Revocation {
  const [only, second] = [jti, subject, session].filter((one) => one !== undefined);
  if (typeof only !== 'string' || only === '' || second !== undefined)
    throw new TypeError('name exactly one of jti, subject and session');
  if (jti !== undefined) return { kind: 'token', issuer, tokenId: jti };
  if (session !== undefined) return { kind: 'session', issuer, sessionId: session };
  return { kind: 'subject', issuer, subject: only, issuedUpTo };
}

/**
 * Revokes, closes the streams that are concerned, and writes one record for each entry. Resolves when all of that is done: the records
 * are durable. Rejects when an entry could not be kept or recorded; what was revoked before that stays revoked.
 */
export async function applyRevocations(
  runtime: Runtime,
  entries: readonly Revocation[],
  untilMs: number,
  facts: Pick<AuditEntry, 'source' | 'detail'>,
): Promise<void> {
  for (const entry of entries) await runtime.revocations.list.revoke(entry, untilMs);
  await closeRevokedStreams(runtime);
  await Promise.all(
    entries.map((entry) => runtime.audit.append({ type: 'token.revoked', revocation: { entry, untilMs }, ...facts })),
  );
}
