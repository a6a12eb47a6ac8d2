import type { Reason } from '@sallyport/core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bearer, claimsFor, mint, type Bench } from '../support/authentication.ts';
import { expectRefusal } from '../support/expect-refusal.ts';
import {
  opaqueBench,
  SECRET,
  startIntrospectionIssuer,
  type IntrospectionIssuer,
} from '../support/introspection-issuer.ts';

const OTHER = 'https://other.example/mcp';
const US = 'https://mcp.example.com/mcp';

let issuer: IntrospectionIssuer;
const benches: Bench[] = [];
beforeAll(async () => {
  issuer = await startIntrospectionIssuer();
});
afterEach(() => {
  for (const { authenticator } of benches.splice(0)) authenticator.close();
  issuer.say = () => issuer.about();
  issuer.questions.length = 0;
});
afterAll(() => issuer.close());

function bench(...options: Parameters<typeof opaqueBench> extends [unknown, ...infer Rest] ? Rest : never): Bench {
  const made = opaqueBench(issuer, ...options);
  benches.push(made);
  return made;
}

let serial = 0;
function token(): string {
  serial += 1;
  return `opaque-token-${serial}`;
}

describe('an opaque token', () => {
  it('is what its issuer says (RFC 7662 §2.2)', async () => {
    const b = bench();
    issuer.say = () =>
      issuer.about({ jti: 'jti-1', act: { sub: 'agent' }, groups: ['dba'], roles: ['editor'], sid: 's' });
    const principal = await b.authenticator.authenticate(bearer(token()));
    expect(principal).toMatchObject({
      issuer: issuer.url,
      subject: 'user-1',
      clientId: 'client-1',
      scopes: ['notes:read', 'echo:call'],
      tenant: null,
      groups: ['dba'],
      roles: ['editor'],
      actors: [{ subject: 'agent' }],
      proof: 'introspection',
      tokenId: 'jti-1',
      expiresAt: b.clock.nowSeconds + 300,
    });
    expect(Object.isFrozen(principal)).toBe(true);
  });

  it('is asked about with a form post, a hint and the credentials of this server, and never in a URL (D-23)', async () => {
    const b = bench();
    await b.authenticator.authenticate(bearer('secret-token'));
    expect(issuer.questions).toHaveLength(1);
    const [{ form, headers }] = issuer.questions as [(typeof issuer.questions)[0]];
    expect(Object.fromEntries(form)).toEqual({ token: 'secret-token', token_type_hint: 'access_token' });
    expect(headers['content-type']).toBe('application/x-www-form-urlencoded;charset=UTF-8');
    expect(headers.accept).toBe('application/json');
    const [user = '', password = ''] = Buffer.from(headers.authorization?.replace('Basic ', '') ?? '', 'base64')
      .toString()
      .split(':');
    expect([user, decodeURIComponent(password.replaceAll('+', ' '))]).toEqual(['mcp', SECRET]);
    expect(issuer.requests.join(' ')).not.toContain('secret-token');
  });

  it('can be asked about with the secret in the form', async () => {
    const b = bench({
      introspection: { clientId: 'mcp', clientSecret: SECRET, clientAuthentication: 'client_secret_post' },
    });
    await b.authenticator.authenticate(bearer(token()));
    expect(Object.fromEntries(issuer.questions[0]?.form ?? [])).toMatchObject({
      client_id: 'mcp',
      client_secret: SECRET,
    });
    expect(issuer.questions[0]?.headers.authorization).toBeUndefined();
  });

  it('leaves nothing of itself or of the credentials in the log or in a refusal', async () => {
    const b = bench();
    for (const say of [{ active: false }, { active: 'yes' }, {}]) {
      issuer.say = () => say;
      const refusal = await Promise.resolve(b.authenticator.authenticate(bearer('secret-token'))).then(
        () => '',
        (error: unknown) => JSON.stringify([error, String(error), (error as { detail: unknown }).detail]),
      );
      expect(refusal).not.toContain('secret-token');
    }
    expect(JSON.stringify(b.log)).not.toMatch(/secret-token|odd characters/);
  });
});

describe('an answer', () => {
  const refused: [what: string, changes: Record<string, unknown>, reason: Reason][] = [
    ['that the token is not active (D-01)', { active: false }, 'inactive'],
    ['without a client (D-02)', { client_id: undefined }, 'introspection_incomplete'],
    ['about another audience (D-07)', { aud: OTHER }, 'aud_mismatch'],
    ['about the audience with a slash (D-07)', { aud: `${US}/` }, 'aud_mismatch'],
    ['without an audience (D-07)', { aud: undefined }, 'aud_mismatch'],
    ['with an audience of another type (D-07)', { aud: { [US]: true } }, 'aud_mismatch'],
    ['about a token that ended (D-09)', { exp: 1_789_999_000, iat: 1_789_998_000 }, 'expired'],
    ['with an end as text (D-09)', { exp: '1790000300' }, 'malformed_token'],
    ['with an end in the year 9999 (D-09)', { exp: 253_402_300_799_000 }, 'malformed_token'],
    ['with an end that is null (D-09)', { exp: null }, 'malformed_token'],
    ['about a token that is not valid yet (D-09)', { nbf: 1_790_001_000 }, 'not_yet_valid'],
    ['about a token from the future', { iat: 1_790_001_000 }, 'not_yet_valid'],
    ['with a subject of another type', { sub: 1 }, 'malformed_token'],
    ['with an empty subject', { sub: '' }, 'malformed_token'],
    ['with a client of another type', { client_id: 1 }, 'malformed_token'],
    ['with a jti of another type', { jti: 1 }, 'malformed_token'],
    ['with a delegation that can not be read', { act: 'agent' }, 'malformed_token'],
    ['from another issuer', { iss: 'https://other.example' }, 'iss_unknown'],
    ['about a refresh token', { token_type: 'refresh_token' }, 'token_type_confusion'],
    ['about something with a type that is no text', { token_type: 1 }, 'token_type_confusion'],
    ['about an ID token, as Keycloak tells it (B-26)', { typ: 'ID' }, 'token_type_confusion'],
    ['about a refresh token, as Keycloak tells it (B-26)', { typ: 'Refresh' }, 'token_type_confusion'],
    ['about a refresh token, as Hydra tells it', { token_use: 'refresh_token' }, 'token_type_confusion'],
    ['about a token bound to a key (D-10, E-37)', { cnf: { jkt: 'x'.repeat(43) } }, 'binding_mismatch'],
    ['about a DPoP token without its key (D-10)', { token_type: 'DPoP' }, 'binding_mismatch'],
    ['about a token bound to a certificate (E-37)', { cnf: { 'x5t#S256': 'x'.repeat(43) } }, 'binding_mismatch'],
    ['about a token bound in a way nobody knows', { cnf: { kid: 'x' } }, 'binding_mismatch'],
  ];

  // @verifies TOKEN-7662-CHECKED
  it.each(refused)('%s is a refusal of the token', async (_what, changes, reason) => {
    issuer.say = () => issuer.about(changes);
    await expectRefusal(() => bench().authenticator.authenticate(bearer(token())), reason, 401);
  });

  it('with nothing but active does not open the server (D-02)', async () => {
    issuer.say = () => ({ active: true });
    await expectRefusal(() => bench().authenticator.authenticate(bearer(token())), 'introspection_incomplete', 401);
  });

  it.each([[['notes:read']], [null], [1], [{ a: 1 }], [undefined]])(
    'with the scope %j grants nothing (D-11)',
    async (scope) => {
      issuer.say = () => issuer.about({ scope });
      expect(await bench().authenticator.authenticate(bearer(token()))).toMatchObject({ scopes: [] });
    },
  );

  it('without an end is good for five minutes at most, and asked for anew before (D-02, D-09)', async () => {
    const b = bench();
    issuer.say = () => issuer.about({ exp: undefined, iat: undefined });
    expect(await b.authenticator.authenticate(bearer(token()))).toMatchObject({ expiresAt: b.clock.nowSeconds + 300 });
  });

  it('without a subject is about a client that acts for itself', async () => {
    issuer.say = () => issuer.about({ sub: undefined });
    expect(await bench().authenticator.authenticate(bearer(token()))).toMatchObject({
      subject: 'client-1',
      clientId: 'client-1',
    });
  });

  it('without an audience is accepted where that is configured, for the listed clients alone (D-07)', async () => {
    issuer.say = () => issuer.about({ aud: undefined });
    const options = { introspection: { clientId: 'mcp', clientSecret: SECRET, audienceless: true } };
    expect(
      await bench({ ...options, allowedClients: ['client-1'] }).authenticator.authenticate(bearer(token())),
    ).toMatchObject({
      clientId: 'client-1',
    });
    await expectRefusal(
      () => bench({ ...options, allowedClients: ['client-2'] }).authenticator.authenticate(bearer(token())),
      'client_not_allowed',
      403,
    );
    issuer.say = () => issuer.about({ aud: OTHER });
    await expectRefusal(
      () => bench({ ...options, allowedClients: ['client-1'] }).authenticator.authenticate(bearer(token())),
      'aud_mismatch',
      401,
    );
  });

  it('has its own names for things, whatever the issuer writes into JWTs', async () => {
    const b = bench({ profile: 'okta' });
    issuer.say = () => issuer.about({ scp: ['admin'], cid: 'other' });
    expect(await b.authenticator.authenticate(bearer(token()))).toMatchObject({
      clientId: 'client-1',
      scopes: ['notes:read', 'echo:call'],
    });
  });

  it('is read where the configuration says', async () => {
    const b = bench({ claims: { scopes: 'permissions', clientId: 'azp' } });
    issuer.say = () => issuer.about({ permissions: ['notes:admin'], azp: 'client-2' });
    expect(await b.authenticator.authenticate(bearer(token()))).toMatchObject({
      clientId: 'client-2',
      scopes: ['notes:admin'],
    });
  });

  it('with a member called __proto__ has no effect (B-63)', async () => {
    issuer.say = () =>
      JSON.parse(
        `{"__proto__":{"scope":"admin"},"active":true,"client_id":"c","aud":"${US}","exp":1790000300}`,
      ) as unknown;
    expect(await bench().authenticator.authenticate(bearer(token()))).toMatchObject({ scopes: [] });
  });
});

describe('a JWT that goes to introspection', () => {
  it('is not looked into any further: only the issuer says what it is', async () => {
    const b = bench();
    const jwt = mint(issuer.key, claimsFor(issuer, b.clock, { sub: 'somebody else', scope: 'admin' }));
    expect(await b.authenticator.authenticate(bearer(jwt))).toMatchObject({
      subject: 'user-1',
      scopes: ['notes:read', 'echo:call'],
    });
    expect(issuer.questions).toHaveLength(1);
  });
});
