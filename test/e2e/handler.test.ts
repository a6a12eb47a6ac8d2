import { startDevIdp, type DevIdp } from '@sallyport/dev-idp';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { legacy, modern, send, streamMessages } from './support/mcp-request.ts';
import { startTarget, type Target } from './support/target.ts';
import { verifies } from './support/verifies.ts';

let idp: DevIdp;
let target: Target;
let token: string;
beforeAll(async () => {
  idp = await startDevIdp({ quiet: true });
  target = await startTarget({ issuer: idp.issuer });
  token = await idp.mintToken({ subject: 'true-subject', clientId: 'true-client', scopes: ['notes:read'] });
});
afterAll(async () => {
  await target.remove();
  await idp.close();
});

const identity = {
  sub: 'admin',
  subject: 'admin',
  user: 'admin',
  identity: 'admin',
  tenant: 't',
  scopes: ['notes:admin'],
  _auth: 'x',
};
const headers = {
  'x-forwarded-user': 'admin',
  'x-forwarded-email': 'admin@example.com',
  'x-auth-request-user': 'admin',
  'x-remote-user': 'admin',
  'remote-user': 'admin',
  'x-user-id': 'admin',
  'x-ms-client-principal': 'e30=',
  'x-goog-authenticated-user-email': 'admin@example.com',
  'cf-access-authenticated-user-email': 'admin@example.com',
  'tailscale-user-login': 'admin',
  'x-enterprise-token': 'admin',
  cookie: 'session=admin; CF_Authorization=admin',
};

const attempts: readonly [string, object, Record<string, string>][] = [
  ['arguments (F-41)', { arguments: identity }, {}],
  [
    '_meta (F-42)',
    { arguments: {}, _meta: { ...identity, authorization: 'Bearer admin', 'sallyport/principal': identity } },
    {},
  ],
  ['identity headers (K-15)', { arguments: {} }, headers],
];

describe('the principal of a call does not come from', () => {
  for (const [name, params, extra] of attempts) {
    for (const make of [modern, legacy]) {
      verifies('HANDLER-PRINCIPAL', `${name}: ${make.name}`, async () => {
        const before = target.effects().length;
        const answer = await send(
          target.url,
          make('tools/call', { name: 'whoami', ...params }, { token, headers: extra }),
        );
        const { result } = answer.json ?? streamMessages(answer.text).at(-1) ?? {};
        expect(result?.['structuredContent']).toEqual({
          iss: idp.issuer,
          sub: 'true-subject',
          clientId: 'true-client',
          scopes: ['notes:read'],
        });
        expect(target.effects().slice(before)).toMatchObject([{ tool: 'whoami', sub: 'true-subject' }]);
        const refused = await send(
          target.url,
          make('tools/call', { name: 'write-note', ...params }, { token, headers: extra }),
        );
        expect(refused.status).toBe(403);
      });
    }
  }
});
