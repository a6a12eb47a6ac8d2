import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { openGuard, type Guard } from './support/guard.ts';
import { startLocalIssuer, type LocalIssuer } from './support/local-issuer.ts';
import type { RefusalReason } from './support/refusal-contract.ts';
import { resource } from './support/target.ts';
import { verifies } from './support/verifies.ts';

/** Accepts tokens that name nobody else, of one client only. */
let strict: LocalIssuer;
let guard: Guard;
beforeAll(async () => {
  strict = await startLocalIssuer();
  guard = await openGuard({
    config: { clockSkewSeconds: 2 },
    issuers: (idp) => [
      { issuer: idp.issuer },
      { issuer: strict.url, strictAudience: true, allowedClients: ['client-1'], algorithms: ['ES256'] },
    ],
  });
});
afterAll(async () => {
  await guard.close();
  await strict.close();
});

type Claims = Record<string, unknown>;
type Row = readonly [name: string, reason: RefusalReason, claims: Claims, header?: Claims];

const now = Math.floor(Date.now() / 1000);

function mint(claims: Claims, header: Claims = {}): Promise<string> {
  return guard.token({ subject: 'good', scopes: ['echo:call'], claims, header });
}

async function refuse([, reason, claims, header]: Row): Promise<void> {
  await guard.expectRefused(reason, { token: await mint(claims, header) });
}

const issuers: readonly Row[] = [
  ['no issuer', 'iss_unknown', { iss: undefined }],
  ['an issuer that begins like ours (B-38)', 'iss_unknown', { iss: 'http://127.0.0.1' }],
  ['an issuer in upper case (B-66)', 'iss_unknown', { iss: 'HTTP://127.0.0.1:9001' }],
  ['a list of issuers', 'iss_unknown', { iss: ['http://127.0.0.1:9001'] }],
];

const audiences: readonly Row[] = [
  ['another resource on our host (B-30)', 'aud_mismatch', { aud: 'http://127.0.0.1:8080/other' }],
  ['the resource with a slash (B-31)', 'aud_mismatch', { aud: `${resource}/` }],
  ['the resource in upper case (B-31)', 'aud_mismatch', { aud: resource.toUpperCase() }],
  ['only the origin of the resource (B-30)', 'aud_mismatch', { aud: 'http://127.0.0.1:8080' }],
  ['the client as audience (B-34)', 'aud_mismatch', { aud: 'sallyport-demo' }],
  ['an empty list (B-33)', 'aud_mismatch', { aud: [] }],
  ['a list in a list (B-33)', 'aud_mismatch', { aud: [[resource]] }],
  ['no audience (B-33)', 'aud_mismatch', { aud: undefined }],
];

const times: readonly Row[] = [
  ['an exp that has passed (A-27, B-42)', 'expired', { iat: now - 300, exp: now - 60 }],
  ['an exp of zero (B-46)', 'expired', { iat: 0, exp: 0 }],
  ['no exp (B-41)', 'exp_missing', { exp: undefined }],
  ['an exp that is text (B-43)', 'malformed_token', { exp: String(now + 300) }],
  ['an exp in milliseconds (B-43)', 'malformed_token', { exp: (now + 300) * 1000 }],
  ['an nbf to come (B-47)', 'not_yet_valid', { nbf: now + 3_000 }],
  ['an iat to come (B-49)', 'not_yet_valid', { iat: now + 3_000, exp: now + 6_000 }],
  ['no iat (B-49)', 'malformed_token', { iat: undefined }],
];

const identities: readonly Row[] = [
  ['no sub (B-62)', 'malformed_token', { sub: undefined }],
  ['a sub that is a number (B-62)', 'malformed_token', { sub: 1 }],
  ['a sub with a line break (B-62)', 'malformed_token', { sub: 'a\r\n"level":50' }],
  ['no client (B-51)', 'malformed_token', { client_id: undefined }],
  ['a jti that is a number (B-89)', 'malformed_token', { jti: 1 }],
];

const types: readonly Row[] = [
  ['typ JWT (B-21)', 'typ_mismatch', {}, { typ: 'JWT' }],
  ['no typ (B-21)', 'typ_mismatch', {}, { typ: undefined }],
  ['the shape of an ID token (B-23)', 'token_type_confusion', { aud: 'x', nonce: 'n', at_hash: 'h' }, { typ: 'JWT' }],
  ['a nonce, though its typ is right (B-23)', 'token_type_confusion', { nonce: 'n' }],
  ['the shape of a logout token (B-25)', 'typ_mismatch', { events: {} }, { typ: 'logout+jwt' }],
  ['the shape of a DPoP proof (B-25)', 'typ_mismatch', { htm: 'POST', htu: resource }, { typ: 'dpop+jwt' }],
  ['the claim of a refresh token (B-26)', 'token_type_confusion', { typ: 'Refresh' }],
];

const bound: readonly Row[] = [
  ['a key (E-01)', 'binding_mismatch', { cnf: { jkt: 'x' } }],
  ['a certificate (E-33)', 'binding_mismatch', { cnf: { 'x5t#S256': 'x' } }],
];

describe('a token', () => {
  for (const row of issuers) verifies('WALK-04-ISSUER', `is 401 with ${row[0]}`, () => refuse(row));
  for (const row of audiences) verifies('WALK-04-AUDIENCE', `is 401 with ${row[0]}`, () => refuse(row));
  for (const row of times) verifies('WALK-04-EXPIRY', `is 401 with ${row[0]}`, () => refuse(row));
  for (const row of identities) verifies('WALK-04-INVALID-TOKEN', `is 401 with ${row[0]}`, () => refuse(row));
  for (const row of types) verifies('WALK-04-TYPE', `is 401 with ${row[0]}`, () => refuse(row));
  for (const row of bound) verifies('WALK-04-BOUND-TOKEN', `is 401 when it is bound to ${row[0]}`, () => refuse(row));

  verifies('WALK-04-AUDIENCE', 'may name other resources too, unless its issuer is strict (B-29)', async () => {
    await guard.expectAnswered({ token: await mint({ aud: [resource, 'https://other.example'] }) });
    await guard.expectAnswered({ token: guard.watch(strict.sign({ aud: [resource] })) });
    const token = guard.watch(strict.sign({ aud: [resource, 'https://other.example'] }));
    await guard.expectRefused('aud_mismatch', { token });
  });

  verifies('WALK-04-TYPE', 'may spell its type in full and in any case (B-22)', async () => {
    await guard.expectAnswered({ token: await mint({}, { typ: 'application/AT+JWT' }) });
  });

  verifies('WALK-04-EXPIRY', 'is 401 once it expires, though it was accepted before (B-83)', async () => {
    const token = await guard.token({ subject: 'good', scopes: ['echo:call'], expiresInSeconds: 0 });
    await guard.expectAnswered({ token });
    for (;;) {
      const { answer } = await guard.send({ token });
      if (answer.status === 401) break;
      expect(answer.status).toBe(200);
      await delay(100);
    }
    await guard.expectRefused('expired', { token });
  });

  verifies('WALK-04-CLIENTS', 'of a client that is not allowed is 403 and names no scope (B-90)', async () => {
    const token = guard.watch(strict.sign({ client_id: 'client-2' }));
    await guard.expectRefused('client_not_allowed', { token });
    await guard.expectRefused('client_not_allowed', { token: guard.watch(strict.sign({ client_id: 'CLIENT-1' })) });
    await guard.expectAnswered({ token: guard.watch(strict.sign()) });
  });
});

const noScopes: readonly [string, unknown][] = [
  ['a list (B-54)', ['echo:call']],
  ['an object (B-54)', { 'echo:call': true }],
  ['true (B-54)', true],
  ['a list in text (B-53)', 'echo:call,notes:read'],
  ['a tab as separator (B-53)', 'notes:read\techo:call'],
  ['a longer scope (B-55)', 'echo:call-only'],
  ['a look-alike (B-66)', 'echo:саll'],
];

describe('a scope claim', () => {
  for (const [name, scope] of noScopes) {
    verifies('WALK-08-SCOPE', `grants nothing as ${name}`, async () => {
      await guard.expectRefused('insufficient_scope', { token: await mint({ scope }) }, { scope: 'echo:call' });
    });
  }

  verifies('WALK-08-SCOPE', 'is the only claim that grants (B-57, B-58, B-59)', async () => {
    const others = { scp: 'echo:call', roles: ['echo:call'], permissions: ['echo:call'], __proto__x: 'echo:call' };
    const token = await mint({ scope: undefined, ...others });
    await guard.expectRefused('insufficient_scope', { token }, { scope: 'echo:call' });
  });

  verifies('WALK-08-SCOPE', 'may have superfluous spaces and repetitions (B-53)', async () => {
    await guard.expectAnswered({ token: await mint({ scope: '  notes:read   echo:call notes:read ' }) });
  });
});

verifies('WALK-00-NO-SECRET', 'no token of these tests is in a record, a log line or an answer', () =>
  guard.expectClean(),
);
