import type { MintTokenOptions } from '@sallyport/dev-idp';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { openGuard, type Call, type Guard } from './support/guard.ts';
import { modern } from './support/mcp-request.ts';
import { openRaw, rawRequest } from './support/raw-connection.ts';
import type { RefusalReason } from './support/refusal-contract.ts';
import { verifies } from './support/verifies.ts';

let guard: Guard;
beforeAll(async () => {
  guard = await openGuard();
});
afterAll(() => guard.close());

const writeNote: Call = { rpc: ['tools/call', { name: 'write-note', arguments: { id: '1', text: 'x' } }] };
const readNote: Call = { rpc: ['tools/call', { name: 'read-note', arguments: { id: '1' } }] };

async function withScopes(call: Call, ...scopes: string[]): Promise<Call> {
  return { ...call, token: await guard.token({ subject: 'alice', scopes }) };
}

describe('a request', () => {
  const without: readonly [string, RefusalReason, Call][] = [
    ['without Authorization (A-01)', 'no_token', { token: null }],
    ['with another scheme (A-02)', 'bad_scheme', { headers: { authorization: 'Basic dTpw' } }],
  ];
  for (const [name, reason, call] of without) {
    verifies(
      ['TOKEN-6750-CHALLENGE', 'TOKEN-6750-NO-CODE-WITHOUT-TOKEN', 'TOKEN-MCP-STATUS', 'TOKEN-MCP-SCOPE-GUIDANCE'],
      `${name} is 401 with the scopes to ask for and no error`,
      async () => {
        await guard.expectRefused(reason, call);
      },
    );
  }

  verifies(
    ['TOKEN-6750-INVALID-REQUEST', 'TOKEN-6750-CODE-WITH-TOKEN', 'TOKEN-9728-CHALLENGE', 'TOKEN-MCP-STATUS'],
    'with two tokens is 400 with error invalid_request and the URL of the metadata (A-07, A-13)',
    async () => {
      for (const call of [{ headers: { authorization: 'Bearer one two' } }, { target: '/mcp?access_token=one' }])
        await guard.expectRefused('malformed_request', call);
    },
  );

  verifies(
    'TOKEN-MCP-EVERY-REQUEST',
    'needs its own token, also on a connection that sent a good one (A-37)',
    async () => {
      const connection = openRaw(guard.target.port);
      const lines = (token?: string): string => {
        const { headers, body } = modern(
          'tools/call',
          { name: 'echo', arguments: { text: 'hello' } },
          {
            headers: { host: `127.0.0.1:${guard.target.port}`, 'user-agent': guard.userAgent() },
            ...(token !== undefined && { token }),
          },
        );
        const fields = Object.entries(headers).map(([name, value]) => `${name}: ${String(value)}`);
        return rawRequest('POST /mcp HTTP/1.1', fields, String(body));
      };
      connection.write(lines(guard.good));
      expect((await connection.answer()).status).toBe(200);
      connection.write(lines());
      expect((await connection.answer()).status).toBe(401);
      connection.write(lines(guard.good));
      expect((await connection.answer()).status).toBe(200);
      connection.destroy();
    },
  );
});

/** Tokens of the real issuer with one thing wrong, each signed by it unless that is what is wrong. */
const wrong: readonly [string, RefusalReason, MintTokenOptions][] = [
  ['of the type of an ID token (B-21)', 'typ_mismatch', { header: { typ: 'JWT' } }],
  ['of a logout token (B-25)', 'typ_mismatch', { header: { typ: 'logout+jwt' } }],
  ['of another issuer (B-35)', 'iss_unknown', { claims: { iss: 'https://login.example.com' } }],
  ['of the same issuer by another spelling', 'iss_unknown', { claims: { iss: 'HTTP://127.0.0.1' } }],
  ['without iss', 'iss_unknown', { claims: { iss: undefined } }],
  ['for its host (B-30)', 'aud_mismatch', { resource: 'http://127.0.0.1:8080' }],
  ['for its neighbour (B-30)', 'aud_mismatch', { resource: 'http://127.0.0.1:8080/other' }],
  ['for nobody (B-33)', 'aud_mismatch', { claims: { aud: undefined } }],
  ['that is expired (B-42)', 'expired', { expiresInSeconds: -60 }],
  ['without exp (B-41)', 'exp_missing', { claims: { exp: undefined } }],
  ['without iat (B-49)', 'malformed_token', { claims: { iat: undefined } }],
  ['without sub (B-62)', 'malformed_token', { claims: { sub: undefined } }],
  ['without client_id (B-51)', 'malformed_token', { claims: { client_id: undefined } }],
  ['with an unknown kid (C-03)', 'key_not_found', { header: { kid: 'unknown' } }],
];

describe('a token', () => {
  for (const [name, reason, options] of wrong) {
    verifies(
      ['TOKEN-9068-ERRORS', 'TOKEN-9068-CLAIMS', 'TOKEN-6750-INVALID-TOKEN', 'TOKEN-MCP-STATUS'],
      `${name} is 401 invalid_token`,
      async () => {
        await guard.expectRefused(reason, { token: await guard.token({ subject: 'alice', ...options }) });
      },
    );
  }

  verifies('TOKEN-7519-UNKNOWN-CLAIMS', 'may say more than is understood', async () => {
    const claims = { email: 'alice@example.com', 'https://example.com/x': { y: [1] }, acr: 'phr', amr: ['pwd'] };
    await guard.expectAnswered({ token: await guard.token({ subject: 'alice', scopes: ['echo:call'], claims }) });
  });

  verifies('TOKEN-9068-RS256', 'is accepted with each algorithm of the defaults, RS256 among them', async () => {
    for (const algorithm of ['RS256', 'PS256', 'ES256', 'EdDSA'] as const)
      await guard.expectAnswered({ token: await guard.token({ subject: 'alice', scopes: ['echo:call'], algorithm }) });
  });
});

describe('a call without the scopes it needs', () => {
  verifies(
    ['TOKEN-MCP-STEP-UP', 'TOKEN-6750-INSUFFICIENT-SCOPE', 'TOKEN-MCP-STATUS', 'TOKEN-MCP-ALL-SCOPES'],
    'is 403, each time with the same scopes for the same operation (A-29)',
    async () => {
      const expected = { scope: 'notes:write' };
      await guard.expectRefused('insufficient_scope', await withScopes(writeNote, 'notes:read'), expected);
      await guard.expectRefused('insufficient_scope', await withScopes(writeNote), expected);
    },
  );

  verifies('TOKEN-9068-SCOPE', 'is refused for scopes that only begin like the one it needs (B-55)', async () => {
    for (const scope of ['notes:read-only', 'notes', 'NOTES:READ', 'notes:read,echo:call'])
      await guard.expectRefused('insufficient_scope', await withScopes(readNote, scope), { scope: 'notes:read' });
  });

  verifies('TOKEN-MCP-HIERARCHY', 'runs with a broader scope that implies them (F-03)', async () => {
    for (const scope of ['notes:read', 'notes:write', 'notes:admin'])
      await guard.expectAnswered(await withScopes(readNote, scope));
  });
});

verifies(
  ['WALK-00-NO-SECRET', 'TOKEN-MCP-NO-STORAGE'],
  'no token of these tests is in a record, a log line or an answer',
  () => guard.expectClean(),
);
