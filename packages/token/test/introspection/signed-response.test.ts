import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bearer, type Bench } from '../support/authentication.ts';
import { expectRefusal } from '../support/expect-refusal.ts';
import {
  opaqueBench,
  SECRET,
  signed,
  startIntrospectionIssuer,
  text,
  type IntrospectionIssuer,
} from '../support/introspection-issuer.ts';
import { createSigningKey } from '../support/signing-key.ts';
import { status, type Answer } from '../support/test-issuer.ts';

let issuer: IntrospectionIssuer;
let b: Bench;
beforeEach(async () => {
  issuer = await startIntrospectionIssuer();
  b = opaqueBench(issuer, { introspection: { clientId: 'mcp', clientSecret: SECRET, signedResponse: true } });
});
afterEach(async () => {
  b.authenticator.close();
  await issuer.close();
});

const ask = (): unknown => b.authenticator.authenticate(bearer('t'));
const otherKey = createSigningKey('ES256', 'k');
const rsa = createSigningKey('RS256', 'rsa');

/** An answer with these changes; made when it is needed, because it says when it was made. */
function answer(changes: Parameters<typeof signed>[2] = {}): Answer {
  return signed(issuer, b.clock.nowSeconds, changes);
}

describe('a signed answer', () => {
  it('is asked for, verified with the keys of the issuer and read like any other (RFC 9701 §4, §5)', async () => {
    issuer.say = () => answer();
    expect(await ask()).toMatchObject({
      subject: 'user-1',
      proof: 'introspection',
      scopes: ['notes:read', 'echo:call'],
    });
    expect(issuer.questions[0]?.headers.accept).toBe('application/token-introspection+jwt');
    expect(issuer.count('/jwks')).toBe(1);
  });

  it('may name other resource servers too', async () => {
    issuer.say = () => answer({ claims: { aud: ['other', 'mcp'] } });
    expect(await ask()).toMatchObject({ subject: 'user-1' });
  });

  it('can say that the token is not active (D-26)', async () => {
    issuer.say = () => answer({ claims: { token_introspection: { active: false } } });
    await expectRefusal(ask, 'inactive', 401);
    b.clock.skip(10_000);
    issuer.say = () =>
      answer({ claims: { active: true, token_introspection: issuer.about({ aud: 'https://other' }) } });
    await expectRefusal(ask, 'aud_mismatch', 401);
  });

  const forged: [what: string, changes: () => Parameters<typeof signed>[2]][] = [
    ['of another type', () => ({ header: { typ: 'JWT' } })],
    ['without a type', () => ({ header: { typ: undefined } })],
    ['that is an access token', () => ({ header: { typ: 'at+jwt' } })],
    ['without a signature', () => ({ header: { alg: 'none' } })],
    ['with a symmetric signature', () => ({ header: { alg: 'HS256' } })],
    ['with an algorithm that is not configured', () => ({ header: { alg: 'RS256', kid: 'rsa' }, key: rsa })],
    ['signed by somebody else', () => ({ key: otherKey })],
    ['with an unknown key', () => ({ header: { kid: 'nope' } })],
    ['with critical headers', () => ({ header: { crit: ['x'], x: 1 } })],
    ['from another issuer', () => ({ claims: { iss: 'https://other.example' } })],
    ['without an issuer', () => ({ claims: { iss: undefined } })],
    ['for another resource server', () => ({ claims: { aud: 'other' } })],
    ['for the resource instead of the resource server', () => ({ claims: { aud: 'https://mcp.example.com/mcp' } })],
    ['for nobody', () => ({ claims: { aud: undefined } })],
    ['for a list without us', () => ({ claims: { aud: ['other', ['mcp']] } })],
    ['from an earlier exchange', () => ({ claims: { iat: b.clock.nowSeconds - 91 } })],
    ['from the future', () => ({ claims: { iat: b.clock.nowSeconds + 31 } })],
    ['without a time', () => ({ claims: { iat: undefined } })],
    ['with a time as text', () => ({ claims: { iat: String(b.clock.nowSeconds) } })],
    ['that has expired', () => ({ claims: { exp: b.clock.nowSeconds - 31 } })],
    ['without content', () => ({ claims: { token_introspection: undefined, active: true } })],
    ['with text as content', () => ({ claims: { token_introspection: '{"active":true}' } })],
  ];

  // @verifies TOKEN-9701-VERIFIED
  it.each(forged)('%s is never accepted (D-25)', async (_what, changes) => {
    issuer.say = () => answer(changes());
    await expectRefusal(ask, 'introspection_invalid', 503);
    expect(b.log).toMatchObject([{ level: 'error' }]);
  });

  // @verifies TOKEN-9701-NO-DOWNGRADE
  it('that is not signed at all is a downgrade (D-25)', async () => {
    issuer.say = () => issuer.about();
    await expectRefusal(ask, 'introspection_invalid', 503);
  });

  it.each(['e30.e30', 'not a jwt', '', '{"active":true}'])('that is %j is no answer', async (body) => {
    issuer.say = () => text(body, 'application/token-introspection+jwt');
    await expectRefusal(ask, 'introspection_invalid', 503);
  });

  it('without a boolean about the token is no answer (D-03)', async () => {
    issuer.say = () => answer({ claims: { token_introspection: { active: 'true' } } });
    await expectRefusal(ask, 'introspection_invalid', 503);
  });

  it('can not be checked while the keys can not be had', async () => {
    issuer.answers.set('/jwks', status(500));
    issuer.say = () => answer();
    await expectRefusal(ask, 'idp_unavailable', 503);
  });
});

describe('a server that demands signed answers', () => {
  it('is ready when it has the keys and the endpoint', async () => {
    expect(b.authenticator.status()).toMatchObject([{ ready: false }]);
    b.authenticator.start();
    while (b.authenticator.status()[0]?.ready !== true) await new Promise((resolve) => setImmediate(resolve));
    expect(b.authenticator.status()).toEqual([{ issuer: issuer.url, ready: true, keys: true }]);
  });
});
