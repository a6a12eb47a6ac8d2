import { randomUUID } from 'node:crypto';
import type { AuditEntry, Principal } from '@sallyport/core';

export const alice: Principal = Object.freeze({
  issuer: 'https://idp.example',
  subject: 'alice',
  clientId: 'client-1',
  scopes: ['notes:read'],
  tenant: null,
  groups: [],
  roles: [],
  actors: [],
  proof: 'jwt',
  tokenId: 'jti-1',
  sessionId: null,
  issuedAt: null,
  expiresAt: 1_790_000_000,
  acr: null,
  amr: [],
  authTime: null,
});

export function allow(call: string = randomUUID()): AuditEntry & { readonly call: string } {
  return {
    type: 'mcp.decision',
    call,
    principal: alice,
    target: { kind: 'tool', name: 'read-note' },
    decision: { effect: 'allow', rule: 'tools.read-note' },
    arguments: { id: '12' },
  };
}

export function outcome(call: string): AuditEntry {
  return { type: 'mcp.outcome', call, outcome: { status: 'ok', httpStatus: 200, durationMs: 3, bytes: 180 } };
}

export function deny(): AuditEntry {
  return {
    type: 'mcp.decision',
    call: randomUUID(),
    principal: alice,
    decision: { effect: 'deny', reason: 'insufficient_scope', httpStatus: 403 },
  };
}

/** A refusal of somebody unknown. */
export function anonymous(ip = '192.0.2.1', reason: 'no_token' | 'expired' = 'no_token'): AuditEntry {
  return { type: 'auth.failure', source: { ip }, decision: { effect: 'deny', reason, httpStatus: 401 } };
}
