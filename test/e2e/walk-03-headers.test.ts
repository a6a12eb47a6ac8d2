import { afterAll, beforeAll, describe, expect } from 'vitest';
import { openGuard, type CallOf, type Guard } from './support/guard.ts';
import { legacy } from './support/mcp-request.ts';
import { exchange, rawMessage } from './support/raw-connection.ts';
import { startLocalIssuer, type LocalIssuer } from './support/local-issuer.ts';
import { verifies } from './support/verifies.ts';

let issuer: LocalIssuer;
let guard: Guard;
beforeAll(async () => {
  issuer = await startLocalIssuer();
  guard = await openGuard({ issuers: (idp) => [{ issuer: idp.issuer }, { issuer: issuer.url }] });
});
afterAll(async () => {
  await guard.close();
  await issuer.close();
});

/** An `Authorization` header made of the good token. */
function authorization(make: (good: string) => string | string[]): CallOf {
  return ({ good }) => ({ headers: { authorization: make(good) } });
}

const manyCredentials: readonly [string, CallOf][] = [
  ['a good and a bad one (A-09)', authorization((good) => [`Bearer ${good}`, 'Bearer bad'])],
  ['a bad and a good one (A-10)', authorization((good) => ['Bearer bad', `Bearer ${good}`])],
  ['two equal ones (A-11)', authorization((good) => [`Bearer ${good}`, `Bearer ${good}`])],
  ['one of another scheme first', authorization((good) => ['Basic dTpw', `Bearer ${good}`])],
  ['an empty one last', authorization((good) => [`Bearer ${good}`, ''])],
];

describe('several Authorization headers', () => {
  for (const [name, call] of manyCredentials) {
    verifies('WALK-03-ONE-CREDENTIAL', `are 400: ${name}`, async () => {
      await guard.expectRefused('malformed_request', call);
    });
  }
});

const malformed: readonly [string, CallOf][] = [
  ['no token after the scheme (A-03)', authorization(() => 'Bearer')],
  ['only spaces after the scheme (A-03)', authorization(() => 'Bearer   ')],
  ['an empty value', authorization(() => '')],
  ['a tab as separator (A-06)', authorization((good) => `Bearer\t${good}`)],
  ['a tab after the space', authorization((good) => `Bearer \t${good}`)],
  ['something after the token (A-07)', authorization((good) => `Bearer ${good} extra`)],
  ['a second token in a list', authorization((good) => `Bearer ${good}, Bearer ${good}`)],
  ['parameters after the token', authorization((good) => `Bearer ${good} realm="x"`)],
  ['no separator', authorization((good) => `Bearer:${good}`)],
  ['no scheme', authorization((good) => ` =${good}`)],
];

describe('an Authorization header that is not one token', () => {
  for (const [name, call] of malformed) {
    verifies('WALK-03-ONE-TOKEN', `is 400: ${name}`, async () => {
      await guard.expectRefused('malformed_request', call);
    });
  }
});

const wellFormed: readonly [string, CallOf][] = [
  ['two spaces (A-05)', authorization((good) => `Bearer  ${good}`)],
  ['the scheme in any case', authorization((good) => `bEARER ${good}`)],
  ['space around the value', authorization((good) => `  Bearer ${good}  `)],
  ['a Proxy-Authorization beside it (A-23)', { headers: { 'proxy-authorization': 'Bearer evil' } }],
  ['an X-Enterprise-Token beside it (K-01)', { headers: { 'x-enterprise-token': 'not-a-token' } }],
  ['200 other headers (A-18)', { headers: Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`x-${i}`, 'y'])) }],
  ['12 KB of another header (A-18)', { headers: { 'x-foo': 'x'.repeat(12_000) } }],
];

for (const [name, call] of wellFormed) {
  verifies('WALK-03-ONE-TOKEN', `a token is found with ${name}`, async () => {
    await guard.expectAnswered(call);
  });
}

const queries = ['?access_token=', '?x=1&access_token=', '?access%5Ftoken=', '?access_token=&access_token='];

describe('a token in the query', () => {
  for (const query of queries) {
    verifies('WALK-03-NO-QUERY-TOKEN', `is 400 beside a good header: ${query} (A-13)`, async () => {
      await guard.expectRefused('malformed_request', ({ good }) => ({ target: `/mcp${query}${good}` }));
    });

    verifies('WALK-03-NO-QUERY-TOKEN', `is 400 and not used without a header: ${query}`, async () => {
      await guard.expectRefused('malformed_request', ({ good }) => ({ target: `/mcp${query}${good}`, token: null }));
    });
  }
});

describe('a token that is too large', () => {
  for (const bytes of [8_193, 15_000]) {
    verifies('WALK-03-TOKEN-CAP', `is 401 before anybody asks for its key: ${bytes} bytes (A-17)`, async () => {
      const before = issuer.requests.length;
      // Its key is one that the guard would have to fetch.
      const token = guard.watch(issuer.sign({ sub: 'x', pad: 'x'.repeat(11_000) }, { kid: 'unknown' }));
      const call = { token: token.slice(0, bytes) };
      await guard.expectRefused('token_too_large', call);
      expect(issuer.requests).toHaveLength(before);
    });
  }

  verifies('WALK-03-TOKEN-CAP', 'is one byte more than a token that is accepted (A-17)', async () => {
    const sized = async (pad: number): Promise<string> =>
      guard.token({ subject: 'good', scopes: ['echo:call'], claims: { pad: 'x'.repeat(pad) } });
    const short = await sized(5_000);
    const pad = 5_000 + Math.floor(((8_192 - short.length) * 3) / 4);
    const tokens = await Promise.all([pad - 3, pad - 2, pad - 1, pad].map(sized));
    const fitting = tokens.findLast(({ length }) => length <= 8_192) ?? '';
    expect(fitting.length).toBeGreaterThan(8_188);
    await guard.expectAnswered({ token: fitting });
  });

  verifies('WALK-03-TOKEN-CAP', 'is 431 from Node when all headers are over 16 KB (A-17)', async () => {
    const { answer } = await guard.send({ token: 'x'.repeat(17_000) });
    expect(answer.status).toBe(431);
    await guard.expectNextAnswered();
  });

  verifies('WALK-03-TOKEN-CAP', 'is not looked through, whatever it looks like (I-09)', async () => {
    await guard.expectRefused('token_too_large', { token: 'a.'.repeat(7_000) });
    await guard.expectRefused('malformed_request', { headers: { authorization: `Bearer${' '.repeat(10_000)}` } });
  });
});

const brokenLines: readonly [string, string][] = [
  ['a NUL in the token (A-19)', 'Authorization: Bearer a\0b'],
  ['a DEL in the token (A-19)', 'Authorization: Bearer a\x7fb'],
  ['a bare CR in the token (A-19)', 'Authorization: Bearer a\rb'],
  ['a folded line (A-19)', 'Authorization: Bearer\r\n a.b.c'],
  ['a space before the colon (A-22)', 'Authorization : Bearer a.b.c'],
  ['Content-Length and Transfer-Encoding (F-89)', 'Content-Length: 2\r\nTransfer-Encoding: chunked'],
  ['two Content-Lengths (F-89)', 'Content-Length: 2\r\nContent-Length: 3'],
  ['a signed Content-Length (F-89)', 'Content-Length: +2'],
  ['a Transfer-Encoding that does not end in chunked (F-89)', 'Transfer-Encoding: chunked, identity'],
];

describe('a head that HTTP does not allow', () => {
  for (const [name, line] of brokenLines) {
    verifies('WALK-03-ONE-TOKEN', `is 400 from Node and runs nothing: ${name}`, async () => {
      const before = guard.target.effects().length;
      const token = line.startsWith('Auth') ? {} : { token: guard.good };
      const { headers, body } = legacy('tools/call', { name: 'whoami' }, token);
      const request = rawMessage({ headers }, ['Host: localhost', line]) + String(body);
      expect((await exchange(guard.target.port, request)).status).toBe(400);
      await guard.expectNextAnswered();
      expect(guard.target.effects()).toHaveLength(before + 1);
    });
  }
});

verifies('WALK-00-NO-SECRET', 'no token of these tests is in a record, a log line or an answer', () =>
  guard.expectClean(),
);
