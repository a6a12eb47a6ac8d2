import type { Revocation } from '@sallyport/core';

/** A verified request of an issuer to end a session, or all sessions of a user. At least one of `subject` and `sessionId` is set. */
export interface Logout {
  readonly issuer: string;
  readonly subject: string | null;
  /** `sid`. */
  readonly sessionId: string | null;
  /** `iat` of the logout token, in seconds since the epoch. */
  readonly issuedAt: number;
}

/**
 * What a logout revokes (OpenID Connect Back-Channel Logout 1.0 §2.4, §2.7).
 *
 * With a session: its tokens. Access tokens often do not name their session, so where the user is named too, tokens without a session
 * that the user got until then are revoked as well: nobody could tell that they belong to another session. With a user only: every
 * token the user got until then.
 */
export function revocationsOf({ issuer, subject, sessionId, issuedAt }: Logout): readonly Revocation[] {
  const revocations: Revocation[] = [];
  if (sessionId !== null) revocations.push({ kind: 'session', issuer, sessionId });
  if (subject !== null) {
    const all = { kind: 'subject', issuer, subject, issuedUpTo: issuedAt } as const;
    revocations.push(sessionId === null ? all : { ...all, sessionlessOnly: true });
  }
  return revocations;
}
