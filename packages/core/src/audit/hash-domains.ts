import type { AuditTarget } from './audit-record.ts';

// What a keyed hash in a record is of, beside the value. Equal values hash equal only in the same domain; who looks for one needs it.

/** Of arguments and results: of one tenant and one target. The pointer of the leaf follows. */
export function valueDomain(
  what: 'arguments' | 'result',
  tenant: string | null | undefined,
  target: AuditTarget | undefined,
): readonly string[] {
  return [what, tenant ?? '', target?.kind ?? '', target?.name ?? ''];
}

/** Of a subject that is recorded as a pseudonym: of one issuer and one tenant. */
export function subjectDomain(issuer: string, tenant: string | null | undefined): readonly string[] {
  return ['subject', issuer, tenant ?? ''];
}

/** Of the id of a token (`jti`) of an issuer. */
export function tokenIdDomain(issuer: string): readonly string[] {
  return ['jti', issuer];
}

/** Of the id of a session (`sid`) of an issuer. */
export function sessionIdDomain(issuer: string): readonly string[] {
  return ['sid', issuer];
}
