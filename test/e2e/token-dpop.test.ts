import { afterAll, beforeAll, describe, expect } from 'vitest';
import { accessTokenHash, createDpopClient, nowSeconds, type ProofChanges } from './support/dpop-client.ts';
import { metadataUrl, type ExpectedChallenge } from './support/expect-refusal.ts';
import { openGuard, type Call, type Guard, type Sent } from './support/guard.ts';
import { parseChallengeLines } from './support/parse-challenge.ts';
import type { RefusalReason } from './support/refusal-contract.ts';
import { resource } from './support/target.ts';
import { verifies } from './support/verifies.ts';

const client = createDpopClient();
const thief = createDpopClient();

let guard: Guard;
let bound: string;
beforeAll(async () => {
  guard = await openGuard({
    config: { dpop: { mode: 'accept' }, network: { allowedOrigins: ['https://app.example.com'] } },
  });
  bound = await guard.token({ scopes: ['echo:call'], boundTo: client.jwk });
});
afterAll(() => guard.close());

/** Challenges that answer a request in the DPoP scheme, and one that tried to do without. */
const both: readonly ExpectedChallenge[] = ['Bearer', 'DPoP error'];
const downgraded: readonly ExpectedChallenge[] = ['Bearer error', 'DPoP error'];
const proofOnly: readonly ExpectedChallenge[] = ['DPoP error'];

/** A call with a bound token and a new proof for every request, in which a test changes something. */
function proven(changes: ProofChanges = {}, token = bound): Call {
  return { headers: () => client.headers(token, changes) };
}

async function refuses(
  reason: RefusalReason,
  call: Call,
  challenges: readonly ExpectedChallenge[],
  on = guard,
): Promise<void> {
  for (const record of await on.expectRefused(reason, call, { challenges })) expect(record).not.toHaveProperty('actor');
}

function proofsOf(sent: readonly Sent[], on: Guard): (string | undefined)[] {
  const records = on.target.records();
  return sent.map(
    ({ userAgent }) =>
      records.find(({ source, type }) => type === 'mcp.decision' && source?.userAgent === userAgent)?.actor?.proof,
  );
}

describe('a bound token with a proof', () => {
  verifies(['TOKEN-9449-KEY', 'TOKEN-9449-SIGNATURE'], 'is served, and recorded as proven with DPoP', async () => {
    expect(proofsOf(await guard.expectAnswered(proven()), guard)).toEqual(['dpop', 'dpop']);
  });

  verifies('TOKEN-9449-HTU-NORMALIZED', 'is served however the client spells the resource (E-14)', async () => {
    for (const htu of ['HTTP://127.0.0.1:8080/mcp', 'http://127.0.0.1:8080/%6dcp', 'http://127.0.0.1:8080/x/../mcp'])
      await guard.expectAnswered(proven({ claims: { htu } }));
  });

  verifies('TOKEN-9449-HTU', 'is served with a query and a fragment in htu, which do not count (E-15)', async () => {
    for (const more of ['?a=b', '#c']) await guard.expectAnswered(proven({ claims: { htu: `${resource}${more}` } }));
    await guard.expectAnswered({ ...proven(), target: '/mcp?a=b' });
  });
});

describe('the scheme of a token', () => {
  verifies(
    'TOKEN-9449-NO-DOWNGRADE',
    'is not Bearer when the token is bound, with and without a proof (E-01, E-02)',
    async () => {
      await refuses('binding_mismatch', { token: bound }, downgraded);
      const headers = (): Record<string, string> => ({ dpop: client.proof(bound) });
      await refuses('binding_mismatch', { token: bound, headers }, downgraded);
    },
  );

  verifies('TOKEN-9449-SCHEME', 'is not DPoP when the token is not bound (E-03)', async () => {
    await refuses('binding_mismatch', proven({}, guard.good), both);
  });

  verifies(
    'TOKEN-9449-UNBOUND',
    'is Bearer when the token is not bound, and a DPoP header beside it proves nothing (E-29)',
    async () => {
      for (const dpop of [client.proof(guard.good), 'garbage', ['a', 'b']]) {
        const sent = await guard.expectAnswered({ headers: { dpop } });
        expect(proofsOf(sent, guard)).toEqual(['jwt', 'jwt']);
      }
    },
  );

  verifies('TOKEN-7800-UNKNOWN', 'helps nothing when the token is bound to what can not be checked', async () => {
    for (const cnf of [{}, { jwk: client.jwk }, { kid: 'k' }, 'x']) {
      const token = await guard.token({ claims: { cnf } });
      await refuses('binding_mismatch', { token }, downgraded);
      await refuses('binding_mismatch', proven({}, token), both);
    }
  });

  verifies(
    'TOKEN-6750-SYNTAX',
    'is followed by one token: else 400, said in the challenge of that scheme (A-03, A-07)',
    async () => {
      for (const authorization of ['DPoP', 'DPoP ', `DPoP ${bound} x`, `DPoP ${bound}, DPoP y`])
        await refuses('malformed_request', { headers: { authorization } }, both);
      for (const authorization of ['Bearer', `Bearer ${bound} x`])
        await refuses('malformed_request', { headers: { authorization } }, ['Bearer error', 'DPoP']);
      const twice = [`Bearer ${guard.good}`, `DPoP ${bound}`];
      await refuses('malformed_request', { headers: { authorization: twice } }, downgraded);
    },
  );
});

const malformed: readonly [string, () => Call][] = [
  ['no DPoP header', () => ({ headers: { authorization: `DPoP ${bound}` } })],
  [
    'two DPoP headers',
    () => ({ headers: () => ({ ...client.headers(bound), dpop: [client.proof(bound), client.proof(bound)] }) }),
  ],
  [
    'a list of two proofs',
    () => ({ headers: () => ({ ...client.headers(bound), dpop: `${client.proof(bound)}, ${client.proof(bound)}` }) }),
  ],
  ['no JWT', () => ({ headers: () => ({ ...client.headers(bound), dpop: 'garbage' }) })],
  ['the access token', () => ({ headers: () => ({ ...client.headers(bound), dpop: bound }) })],
];

describe('a request without one proof', () => {
  for (const [what, call] of malformed) {
    verifies('TOKEN-9449-ONE-HEADER', `is refused: ${what} (E-05)`, () => refuses('dpop_malformed', call(), proofOnly));
  }
});

describe('a proof', () => {
  for (const typ of ['JWT', undefined, 'at+jwt']) {
    verifies('TOKEN-9449-TYP', `of typ ${typ ?? 'nothing'} is refused (E-06)`, () =>
      refuses('dpop_malformed', proven({ header: { typ } }), proofOnly),
    );
  }

  for (const alg of ['none', 'HS256', 'ES384']) {
    verifies('TOKEN-9449-ALG', `with the algorithm ${alg} is refused (E-07)`, () =>
      refuses('dpop_alg', proven({ header: { alg } }), proofOnly),
    );
  }

  verifies('TOKEN-9449-SIGNATURE', 'signed by another key than the one in it is refused (E-09)', () =>
    refuses('dpop_bad_signature', proven({ header: { jwk: thief.jwk } }), proofOnly),
  );

  verifies('TOKEN-9449-KEY', 'by the key of an attacker is refused (E-10)', () =>
    refuses('binding_mismatch', { headers: () => thief.headers(bound) }, both),
  );

  verifies('TOKEN-9449-PUBLIC-KEY', 'that holds a private key or points to another is refused', async () => {
    guard.watch('cHJpdmF0ZS1rZXktb2YtYS1jbGllbnQtd2hpY2gtaXMtbG9uZw');
    const jwk = { ...client.jwk, d: 'cHJpdmF0ZS1rZXktb2YtYS1jbGllbnQtd2hpY2gtaXMtbG9uZw' };
    await refuses('dpop_malformed', proven({ header: { jwk } }), proofOnly);
    await refuses('dpop_malformed', proven({ header: { jku: `${guard.idp.issuer}/jwks` } }), proofOnly);
  });

  verifies('TOKEN-9449-HTM', 'for another method is refused', () =>
    refuses('dpop_htm', proven({ claims: { htm: 'GET' } }), proofOnly),
  );

  for (const htu of [
    'http://127.0.0.1:8080/other',
    'http://127.0.0.1:8080/mcp/',
    'https://127.0.0.1:8080/mcp',
    'http://localhost:8080/mcp',
  ]) {
    verifies('TOKEN-9449-HTU', `for ${htu} is refused (E-13)`, () =>
      refuses('dpop_htu', proven({ claims: { htu } }), proofOnly),
    );
  }

  verifies(
    'TOKEN-9449-HTU',
    'for the address the request was sent to is refused: only the configured resource counts (E-13, K-22)',
    () =>
      refuses(
        'dpop_htu',
        {
          headers: () => ({
            ...client.headers(bound, { claims: { htu: guard.target.url } }),
            forwarded: `host=127.0.0.1:${guard.target.port};proto=http`,
            'x-forwarded-host': `127.0.0.1:${guard.target.port}`,
          }),
        },
        proofOnly,
      ),
  );

  for (const [what, ath] of Object.entries({
    missing: undefined,
    empty: '',
    'of another token': accessTokenHash('x'),
  })) {
    verifies('TOKEN-9449-ATH', `whose ath is ${what} is refused (E-17)`, () =>
      refuses('dpop_ath', proven({ claims: { ath } }), proofOnly),
    );
  }

  for (const [what, jti] of Object.entries({
    missing: undefined,
    empty: '',
    'a number': 1,
    long: 'x'.repeat(10_000 / 4),
  })) {
    verifies('TOKEN-9449-CLAIMS', `whose jti is ${what} is refused (E-18)`, () =>
      refuses('dpop_malformed', proven({ claims: { jti } }), proofOnly),
    );
  }

  for (const seconds of [-65, 65]) {
    verifies('TOKEN-9449-WINDOW', `of ${seconds} seconds from now is refused (E-25)`, () =>
      refuses(
        'dpop_iat',
        { headers: () => client.headers(bound, { claims: { iat: nowSeconds() + seconds } }) },
        proofOnly,
      ),
    );
  }

  verifies('TOKEN-9449-WINDOW', 'of up to a minute from now is accepted (E-25)', async () => {
    for (const seconds of [-55, 55])
      await guard.expectAnswered({ headers: () => client.headers(bound, { claims: { iat: nowSeconds() + seconds } }) });
  });

  verifies('TOKEN-9449-REPLAY', 'is accepted once, whichever bytes carry it (E-19)', async () => {
    const headers = client.headers(bound);
    await guard.expectAnswered({ headers, eras: ['modern'] });
    await refuses('replay', { headers }, proofOnly);
    const claims = { jti: 'once' };
    await guard.expectAnswered({ headers: client.headers(bound, { claims }), eras: ['modern'] });
    await refuses('replay', proven({ claims }), proofOnly);
  });

  verifies(
    'TOKEN-9449-REPLAY-BOUNDED',
    'can be used after it was refused: refused ones are not remembered (E-23)',
    async () => {
      const headers = client.headers(bound);
      await refuses('malformed_token', { headers: { ...headers, authorization: 'DPoP a.b.c' } }, both);
      await guard.expectAnswered({ headers, eras: ['modern'] });
    },
  );
});

describe('challenges', () => {
  verifies('TOKEN-9449-CHALLENGE', 'offer both schemes in a line each to who has no token (A-39, A-26)', async () => {
    await refuses('no_token', { token: null }, ['Bearer', 'DPoP']);
    await refuses('bad_scheme', { headers: { authorization: 'Basic dTpw' } }, ['Bearer', 'DPoP']);
    const { answer } = await guard.send({ token: null });
    expect(parseChallengeLines(answer.challenges)).toEqual([
      { scheme: 'Bearer', params: { resource_metadata: metadataUrl, scope: 'notes:read' } },
      {
        scheme: 'DPoP',
        params: { resource_metadata: metadataUrl, scope: 'notes:read', algs: 'ES256 EdDSA PS256 RS256' },
      },
    ]);
  });

  verifies('TOKEN-9449-CHALLENGE-ERROR', 'say in the scheme that was used what is wrong with a token', async () => {
    const expired = await guard.token({ boundTo: client.jwk, expiresInSeconds: -60 });
    await refuses('expired', proven({}, expired), both);
    await refuses('expired', { token: await guard.token({ expiresInSeconds: -60 }) }, ['Bearer error', 'DPoP']);
    await refuses('malformed_token', { headers: () => client.headers('not-a-jwt') }, both);
  });

  verifies('TOKEN-6750-INSUFFICIENT-SCOPE', 'name the scope that is missing in both schemes', async () => {
    const call: Call = { ...proven(), rpc: ['tools/call', { name: 'read-note', arguments: { id: '1' } }] };
    await guard.expectRefused('insufficient_scope', call, { challenges: both, scope: 'notes:read' });
  });
});

verifies('TOKEN-9728-BINDING', 'the metadata says what is accepted (E-31)', async () => {
  const document = await fetch(`${guard.target.origin}${new URL(metadataUrl).pathname}`);
  const metadata = (await document.json()) as Record<string, unknown>;
  expect(metadata).toMatchObject({
    dpop_signing_alg_values_supported: ['ES256', 'EdDSA', 'PS256', 'RS256'],
    dpop_bound_access_tokens_required: false,
  });
  expect(metadata).not.toHaveProperty('tls_client_certificate_bound_access_tokens');
});

verifies('TOKEN-9449-BROWSER', 'a page may send a proof and read the nonce', async () => {
  const origin = 'https://app.example.com';
  const preflight = await guard.send({
    ...{ method: 'OPTIONS', token: null, body: '' },
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization, dpop',
    },
  });
  expect(String(preflight.answer.headers['access-control-allow-headers']).split(', ')).toContain('dpop');
  const { answer } = await guard.send({ token: null, headers: { origin } });
  expect(String(answer.headers['access-control-expose-headers']).split(', ')).toEqual(
    expect.arrayContaining(['DPoP-Nonce', 'WWW-Authenticate']),
  );
});

verifies(
  'WALK-00-NO-SECRET',
  'no token, no proof and no key of these tests is in a record, a log line or an answer',
  () => guard.expectClean(),
);
