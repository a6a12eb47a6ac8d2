import { createHmac, createPublicKey, type JsonWebKey } from 'node:crypto';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { openGuard, type Guard } from './support/guard.ts';
import { segment, startLocalIssuer, type LocalIssuer } from './support/local-issuer.ts';
import type { RefusalReason } from './support/refusal-contract.ts';
import { verifies } from './support/verifies.ts';

let issuer: LocalIssuer;
/** Of another issuer that is trusted too; its key has the same id. */
let twin: LocalIssuer;
/** Nobody trusts it, and nobody may ask it for anything. */
let stranger: LocalIssuer;
let guard: Guard;
beforeAll(async () => {
  [issuer, twin, stranger] = await Promise.all([startLocalIssuer(), startLocalIssuer(), startLocalIssuer()]);
  guard = await openGuard({ issuers: (idp) => [{ issuer: idp.issuer }, { issuer: issuer.url }, { issuer: twin.url }] });
});
afterAll(async () => {
  await guard.close();
  await Promise.all([issuer.close(), twin.close(), stranger.close()]);
});

type Row = readonly [name: string, reason: RefusalReason, make: () => string | Promise<string>];

/** The parts of a good token of the dev IdP. */
async function parts(): Promise<[string, string, string]> {
  return (await guard.token({ subject: 'good', scopes: ['echo:call'] })).split('.') as [string, string, string];
}

type PublicKey = JsonWebKey & { kid: string };

/** A token whose secret is something everybody knows. */
async function forged(secret: (key: PublicKey) => string): Promise<string> {
  const { keys } = (await (await fetch(`${guard.idp.issuer}/jwks`)).json()) as { keys: PublicKey[] };
  const rsa = keys.find(({ kty }) => kty === 'RSA') as PublicKey;
  const input = `${segment({ alg: 'HS256', typ: 'at+jwt', kid: rsa.kid })}.${(await parts())[1]}`;
  return `${input}.${createHmac('sha256', secret(rsa)).update(input).digest('base64url')}`;
}

const pem = (key: JsonWebKey): string =>
  String(createPublicKey({ key, format: 'jwk' }).export({ format: 'pem', type: 'spki' }));
const local = (header: Record<string, unknown>) => (): string => issuer.sign({}, header);

/** Signed by a key that only the token itself vouches for. */
function ownKey(): string {
  const jwk = stranger.keys[0];
  const places = { jku: `${stranger.url}/jwks`, x5u: `${stranger.url}/cert`, x5c: ['MIIB'] };
  return stranger.sign({ iss: issuer.url }, { jwk, ...places });
}

/** A token that was accepted, so that it is cached, and then got another subject. */
async function swapped(): Promise<string> {
  const [header, body, signature] = await parts();
  await guard.expectAnswered({ token: `${header}.${body}.${signature}` });
  const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as Record<string, unknown>;
  return `${header}.${segment({ ...claims, sub: 'admin' })}.${signature}`;
}

const signatures: readonly Row[] = [
  ['alg none (B-01)', 'alg_not_allowed', async () => `${segment({ alg: 'none' })}.${(await parts())[1]}.`],
  [
    'alg nOnE and a signature (B-01)',
    'alg_not_allowed',
    async () => `${segment({ alg: 'nOnE' })}.${(await parts())[1]}.c2ln`,
  ],
  ['no alg (B-01)', 'alg_not_allowed', async () => `${segment({ typ: 'at+jwt' })}.${(await parts())[1]}.`],
  ['HS256 with the public key as secret (B-02)', 'alg_not_allowed', () => forged(pem)],
  ['HS256 with the published key as secret (B-02)', 'alg_not_allowed', () => forged((key) => JSON.stringify(key))],
  ['HS256 with an empty secret (B-03)', 'alg_not_allowed', () => forged(() => '')],
  ['an algorithm that is not on the list (B-05)', 'alg_not_allowed', local({ alg: 'ES512' })],
  ['an algorithm that its key can not be for', 'key_not_found', local({ alg: 'RS256' })],
  ['a key id that is a path (B-15)', 'key_not_found', local({ kid: '../../../../dev/null' })],
  ['a key id that is an address (B-15)', 'key_not_found', local({ kid: 'http://169.254.169.254/' })],
  ['a key of its own (B-09, B-10)', 'bad_signature', ownKey],
  ['the key of another trusted issuer (B-37)', 'bad_signature', () => twin.sign({ iss: issuer.url })],
  ['no signature (B-71)', 'bad_signature', async () => `${(await parts()).slice(0, 2).join('.')}.`],
  ['a signature of zeros (B-71)', 'bad_signature', () => withSignature(Buffer.alloc(64))],
  ['a signature that is too short (B-71)', 'bad_signature', () => withSignature(Buffer.alloc(63, 1))],
  ['another subject under the signature of an accepted token (B-82)', 'bad_signature', swapped],
];

function withSignature(bytes: Buffer): string {
  return `${issuer.sign().split('.').slice(0, 2).join('.')}.${segment(bytes)}`;
}

/** Properly signed, whatever the payload is. */
const signed = (change: (claims: string) => string | Uint8Array) => (): string =>
  issuer.signParts({ alg: 'ES256', typ: 'at+jwt', kid: 'first' }, change(JSON.stringify(issuer.claims())));

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Another spelling of the same bytes. */
function uncanonical(): string {
  const token = issuer.sign();
  return token.slice(0, -1) + (alphabet[alphabet.indexOf(token.at(-1) ?? '') ^ 1] ?? '');
}

const structures: readonly Row[] = [
  ['crit (B-11)', 'malformed_token', local({ crit: ['exp'] })],
  ['b64 (B-13)', 'malformed_token', local({ b64: true })],
  ['zip (B-14)', 'malformed_token', local({ zip: 'DEF' })],
  ['another token in it (B-77)', 'malformed_token', local({ cty: 'JWT' })],
  [
    'five parts, as encrypted ones have (B-78)',
    'malformed_token',
    async () => `${(await parts()).join('.')}.AAAA.AAAA`,
  ],
  ['padding (B-69)', 'malformed_token', () => `${issuer.sign()}=`],
  ['a spelling that is not canonical (B-69)', 'malformed_token', uncanonical],
  ['a duplicate claim (B-63)', 'malformed_token', signed((text) => text.replace('{', '{"sub":"admin",'))],
  ['a byte order mark (B-65)', 'malformed_token', signed((text) => `\ufeff${text}`)],
  [
    'bytes that are no UTF-8 (B-65)',
    'malformed_token',
    signed((text) => Buffer.from(text.replace('local', 'l\xf6cal'), 'latin1')),
  ],
  ['half a character (B-65)', 'malformed_token', signed((text) => text.replace('local', '\\ud800'))],
  ['a list as payload (B-67)', 'malformed_token', signed(() => '[]')],
];

describe('a token', () => {
  for (const [name, reason, make] of signatures) {
    verifies('WALK-04-SIGNATURE', `is 401 with ${name}`, async () => {
      await guard.expectRefused(reason, { token: guard.watch(await make()) });
    });
  }

  for (const [name, reason, make] of structures) {
    verifies('WALK-04-INVALID-TOKEN', `is 401 with ${name}`, async () => {
      await guard.expectRefused(reason, { token: guard.watch(await make()) });
    });
  }
});

verifies(
  'WALK-04-ISSUER',
  'a token of an unknown issuer is 401 and nobody is asked about it (B-35, C-06)',
  async () => {
    await guard.expectRefused('iss_unknown', { token: guard.watch(stranger.sign()) });
  },
);

verifies('WALK-04-ISSUER', 'nothing in a token or a message makes the guard fetch anything (B-09, C-30)', async () => {
  const headers = { resource_metadata: stranger.url, link: `<${stranger.url}>` };
  const rpc = ['tools/call', { name: 'echo', arguments: { text: 'hello' }, _meta: { issuer: stranger.url } }] as const;
  await guard.expectAnswered({ rpc, headers, token: guard.watch(issuer.sign({}, { jku: `${stranger.url}/jwks` })) });
  expect(stranger.requests).toEqual([]);
});

verifies('WALK-00-NO-SECRET', 'no token of these tests is in a record, a log line or an answer', () =>
  guard.expectClean(),
);
