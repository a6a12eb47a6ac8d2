import { randomUUID } from 'node:crypto';
import type { AuditEntry, JsonObject, Principal } from '@sallyport/core';

/** As the authenticator makes it: one for all calls of a token. */
const principal: Principal = Object.freeze({
  issuer: 'https://login.example.com/tenant',
  subject: 'alice@example.com',
  clientId: 'desktop-client',
  scopes: ['notes:read', 'notes:write'],
  tenant: 'acme',
  groups: [],
  roles: [],
  actors: [],
  proof: 'jwt',
  tokenId: '0199a3c2-7f3e',
  sessionId: null,
  issuedAt: null,
  expiresAt: 1_790_000_000,
  acr: null,
  amr: [],
  authTime: null,
});

const mcp = { method: 'tools/call', protocolVersion: '2026-07-28', era: 'modern', client: 'desktop/1.4.2' } as const;
const target = { kind: 'tool', name: 'write-note' } as const;
const trace = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' };

/** The two records of a call, as the stations hand them to the log. */
export function callEntries(number: number, leaves: number): readonly [AuditEntry, AuditEntry] {
  const call = randomUUID();
  return [
    {
      type: 'mcp.decision',
      call,
      principal,
      source: { ip: '192.0.2.17', userAgent: 'desktop/1.4.2 (Linux x86_64) sdk/2.4.0' },
      mcp: { ...mcp, requestId: number },
      target,
      decision: {
        effect: 'allow',
        rule: 'tools.write-note',
        policy: 'sha256:6f1c0e6b1d5a4c0b8b1de5b2b1c9e0a4',
        requiredScopes: ['notes:write'],
      },
      arguments: argumentsOf(number, leaves),
      sensitive: [],
      trace,
    },
    {
      type: 'mcp.outcome',
      call,
      principal,
      mcp: { ...mcp, requestId: number },
      target,
      outcome: { status: 'ok', httpStatus: 200, durationMs: 12.5, bytes: 180 },
      trace,
    },
  ];
}

function argumentsOf(number: number, leaves: number): JsonObject {
  const entries = Array.from({ length: leaves }, (_, index): [string, string | number] => [
    `field${index}`,
    index % 2 === 0 ? `a few words of text ${number}` : number + index,
  ]);
  return Object.fromEntries(entries);
}
