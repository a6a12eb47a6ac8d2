import { Refusal, type JsonValue } from '@sallyport/core';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { explainToken, type ExplainTokenOptions, type TokenExplanation } from '../../src/explain/explain-token.ts';
import {
  ALGORITHMS,
  bearer,
  claimsFor,
  createBench,
  headerFor,
  mint,
  RESOURCE,
  type Bench,
} from '../support/authentication.ts';
import { SECRET, startIntrospectionIssuer, type IntrospectionIssuer } from '../support/introspection-issuer.ts';

let issuer: IntrospectionIssuer;
let bench: Bench;
beforeAll(async () => {
  issuer = await startIntrospectionIssuer();
  bench = createBench(options());
});
afterAll(async () => {
  bench.authenticator.close();
  await issuer.close();
});

function options(changes: Partial<ExplainTokenOptions['issuers'][number]> = {}): Pick<ExplainTokenOptions, 'issuers'> {
  return { issuers: [{ issuer: issuer.url, algorithms: ALGORITHMS, allowedClients: ['client-1'], ...changes }] };
}

function explain(token: string, changes: Partial<ExplainTokenOptions> = {}): Promise<TokenExplanation> {
  return explainToken(token, {
    ...options(),
    resource: RESOURCE,
    clockSkewSeconds: 30,
    dangerouslyAllowInsecureIssuers: true,
    tokenBytes: 8192,
    clock: bench.clock,
    ...changes,
  });
}

async function verdictOf(token: string): Promise<string> {
  try {
    await bench.authenticator.authenticate(bearer(token));
    return 'accepted';
  } catch (error) {
    if (error instanceof Refusal) return error.reason;
    throw error;
  }
}

/** Claims that a token may have, right and wrong. */
const odd = fc.constantFrom<unknown>(
  'x',
  '',
  1,
  Number.POSITIVE_INFINITY,
  -1,
  null,
  {},
  [],
  'https://other.example',
  ['a', RESOURCE],
  4_000_000_000,
  1_000_000_000,
);
const changedClaims = fc.dictionary(
  fc.constantFrom(
    'iss',
    'aud',
    'exp',
    'nbf',
    'iat',
    'sub',
    'client_id',
    'jti',
    'sid',
    'act',
    'cnf',
    'nonce',
    'typ',
    'token_use',
    'tid',
    'scope',
  ),
  fc.option(odd, { nil: undefined }),
  { maxKeys: 3 },
);
const changedHeader = fc.dictionary(
  fc.constantFrom('alg', 'kid', 'typ', 'crit', 'cty', 'jwk'),
  fc.constantFrom<unknown>('RS256', 'none', 'JWT', 'at+jwt', 'k2', {}, undefined),
  { maxKeys: 2 },
);

describe('the explanation of a token', () => {
  it('has the verdict of the authenticator for whatever the header and the claims are, and a check that failed for every refusal', async () => {
    await fc.assert(
      fc.asyncProperty(changedClaims, changedHeader, async (claims, header) => {
        const token = mint(issuer.key, claimsFor(issuer, bench.clock, claims), headerFor(issuer.key, header));
        const explanation = await explain(token);
        const failed = explanation.steps.filter(({ status }) => status === 'fail').map(({ reason }) => reason);
        const verdict = await verdictOf(token);
        expect(explanation.verdict === 'accepted' ? 'accepted' : explanation.reason).toBe(verdict);
        if (verdict === 'accepted') expect(failed).toEqual([]);
        else expect(failed).toContain(verdict);
      }),
      { numRuns: 400 },
    );
  });

  it('has the verdict of the authenticator for any text, and never throws', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: fc.constantFrom('a', 'A', '.', '-', '_', '0', '=') }), async (text) => {
        const { verdict } = await explain(text);
        expect(verdict).toBe('refused');
      }),
    );
  });

  it('holds no part of the token as it was written', async () => {
    const token = mint(issuer.key, claimsFor(issuer, bench.clock));
    const text = JSON.stringify(await explain(token));
    for (const part of [token, ...token.split('.')]) expect(text).not.toContain(part);
  });

  it('asks nobody when keys are given, and refuses what they did not sign', async () => {
    const asked = issuer.requests.length;
    const keys = { keys: [issuer.key.jwk] } as unknown as JsonValue;
    const token = mint(issuer.key, claimsFor(issuer, bench.clock));
    expect(await explain(token, { keys })).toMatchObject({
      verdict: 'accepted',
      kind: 'jwt',
      principal: { subject: 'user-1' },
    });
    expect(await explain(token, { keys: { keys: [] } })).toMatchObject({
      verdict: 'undecided',
      reason: 'idp_unavailable',
    });
    await expect(explain(token, { keys: {} })).rejects.toThrow(TypeError);
    expect(issuer.requests.length).toBe(asked);
  });

  it('of a token that is too large is that, and nothing is checked', async () => {
    const { verdict, reason } = await explain(mint(issuer.key, claimsFor(issuer, bench.clock)), { tokenBytes: 64 });
    expect([verdict, reason]).toEqual(['refused', 'token_too_large']);
  });

  it('of an opaque token is what the issuer says; offline nobody can say', async () => {
    const opaque = options({ tokens: 'opaque', introspection: { clientId: 'mcp', clientSecret: SECRET } });
    expect(await explain('opaque-1', opaque)).toMatchObject({
      verdict: 'accepted',
      kind: 'opaque',
      principal: { proof: 'introspection' },
    });
    issuer.say = () => ({ active: false });
    expect(await explain('opaque-1', opaque)).toMatchObject({ verdict: 'refused', reason: 'inactive' });
    issuer.say = () => issuer.about();
    expect(await explain('opaque-1', { ...opaque, keys: { keys: [] } })).toMatchObject({
      verdict: 'undecided',
      kind: 'opaque',
    });
  });

  it('judges the claims of a token of an unknown issuer as if it were of the only one there is', async () => {
    const { steps } = await explain(
      mint(issuer.key, claimsFor(issuer, bench.clock, { iss: `${issuer.url}/`, aud: 'x' })),
    );
    const failed = steps.filter(({ status }) => status === 'fail').map(({ name }) => name);
    expect(failed).toEqual(['iss', 'aud']);
    expect(steps.find(({ name }) => name === 'signature')).toMatchObject({ status: 'skip' });
  });
});
