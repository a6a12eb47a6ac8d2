import type { Principal } from '@sallyport/core';
import { millionScopes } from './million-tools.ts';
import { createSteadyRandom } from './steady-random.ts';

/** Callers of the log. */
const callerCount = 200;

const clients = ['desktop-client', 'ide-plugin', 'ops-agent', 'batch-runner'];
const teams = ['ops', 'sales', 'dev', 'finance', 'hr'];

/** 200 callers of two issuers. Each lacks some scopes, so that a few of their calls are denied. Frozen, as those of a token are. */
export function millionCallers(): readonly Principal[] {
  const random = createSteadyRandom(20_260_728);
  return Array.from({ length: callerCount }, (_, index) => {
    const team = teams[index % teams.length] ?? '';
    return Object.freeze({
      issuer: index % 4 === 3 ? 'https://login.partner.example/oauth2' : 'https://login.example.com/tenant/v2.0',
      subject: `${team}-${String(index).padStart(3, '0')}@example.com`,
      clientId: clients[index % clients.length] ?? null,
      scopes: millionScopes.filter(() => random.next() < 0.93),
      tenant: 'acme',
      groups: [],
      roles: [],
      actors: [],
      proof: 'jwt',
      tokenId: `0199a3c2-7f3e-7000-8000-${String(index).padStart(12, '0')}`,
      sessionId: null,
      issuedAt: null,
      expiresAt: 1_790_000_000,
      acr: null,
      amr: [],
      authTime: null,
    } satisfies Principal);
  });
}
