import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { openGuard, type Call, type Guard } from './support/guard.ts';
import { modern } from './support/mcp-request.ts';
import { verifies } from './support/verifies.ts';

const bodyBytes = 262_144;

let guard: Guard;
beforeAll(async () => {
  guard = await openGuard({ config: { limits: { bodyBytes } } });
});
afterAll(() => guard.close());

const type = (value: string | string[] | undefined): Call => ({ headers: { 'content-type': value } });

const wrongTypes: readonly [string, Call][] = [
  ...[
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonp',
    'text/json',
  ].map((value): [string, Call] => [value, type(value)]),
  ...[
    'application/json-seq',
    'application/vnd.api+json',
    'application/*',
    '*/*',
    '',
    'application/json, text/plain',
  ].map((value): [string, Call] => [`"${value}"`, type(value)]),
  ['none', type(undefined)],
  ['two', type(['application/json', 'application/json'])],
  ['UTF-16', type('application/json; charset=utf-16')],
  ['Latin-1', type('application/json; charset=iso-8859-1')],
  ['two charsets', type('application/json; charset=utf-8; charset=utf-16')],
  ['a charset with a space', type('application/json; charset =utf-16')],
  ['UTF-16 after many parameters', type(`application/json${';x=y'.repeat(20)};charset=utf-16`)],
];

describe('a content type that is not JSON in UTF-8', () => {
  for (const [name, call] of wrongTypes) {
    verifies('WALK-06-CONTENT-TYPE', `is 415: ${name} (F-79)`, async () => {
      await guard.expectRefused('bad_content_type', call);
    });
  }
});

const rightTypes = [
  'Application/JSON;charset=UTF-8',
  'application/json ;x=y',
  'application/json; charset="utf-8"',
  'application/json;',
];

for (const value of rightTypes) {
  verifies('WALK-06-CONTENT-TYPE', `a content type may be written ${value} (F-81)`, async () => {
    await guard.expectAnswered(type(value));
  });
}

const codings = ['gzip', 'br', 'deflate', 'zstd', 'gzip, gzip', 'identity, gzip', 'GZIP', 'x-unknown', ''];
/** 256 KB of a tool call that only a guard that inflates would see. */
const bomb = gzipSync(String(modern('tools/call', { name: 'echo', arguments: { text: 'x'.repeat(250_000) } }).body));

describe('a content coding', () => {
  for (const coding of codings) {
    verifies('WALK-06-ENCODING', `is 415 and nothing is inflated: "${coding}" (F-83)`, async () => {
      await guard.expectRefused('bad_encoding', { headers: { 'content-encoding': coding }, body: bomb });
    });
  }

  verifies('WALK-06-ENCODING', 'may be identity, which is none', async () => {
    await guard.expectAnswered({ headers: { 'content-encoding': 'identity' } });
  });

  verifies('WALK-06-NOT-JSON', 'that is there but not declared makes a body that is no JSON', async () => {
    await guard.expectRefused('malformed_rpc', { body: bomb }, { contract: { rpcCode: -32_700 } });
  });
});

/** A good call made as large as wanted, the part that matters at the end (F-86). */
function sized(bytes: number): (guard: Guard) => Call {
  return () => {
    const text = String(modern('tools/call', { name: 'echo', arguments: { text: 'hello' } }).body);
    return { body: ' '.repeat(bytes - text.length) + text, eras: ['modern'] };
  };
}

const chunked = { 'transfer-encoding': 'chunked' };

describe('a body over the limit', () => {
  verifies('WALK-06-SIZE', 'is 413 by its declared length, and never looked at in part (F-86)', async () => {
    await guard.expectRefused('too_large', sized(bodyBytes + 1), { headers: { connection: 'close' } });
  });

  verifies('WALK-06-SIZE', 'is 413 in chunks, as soon as one byte too many came (F-86)', async () => {
    const call = { ...sized(bodyBytes + 1)(guard), headers: chunked };
    await guard.expectRefused('too_large', call);
    await guard.expectRefused('too_large', { ...sized(bodyBytes * 8)(guard), headers: chunked });
  });

  verifies('WALK-06-SIZE', 'is one byte more than a body that is served', async () => {
    await guard.expectAnswered(sized(bodyBytes));
    await guard.expectAnswered({ ...sized(bodyBytes)(guard), headers: chunked });
  });

  verifies('WALK-06-SIZE', 'is one of very many values too (F-85)', async () => {
    const body = `{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":[${'1,'.repeat(100_000)}1]}}`;
    await guard.expectRefused('too_large', { body });
  });
});

const call = '{"jsonrpc":"2.0","id":1,"method":"ping"}';

const notJson: readonly [string, string | Uint8Array][] = [
  ['empty', ''],
  ['a space', ' '],
  ['an end that is missing', call.slice(0, -1)],
  ['something after it', `${call} x`],
  ['two messages', call + call],
  ['a comment', `${call}//`],
  ['a comma too many', call.replace('}', ',}')],
  ['single quotes', call.replaceAll('"', "'")],
  ['NaN', call.replace('1,', 'NaN,')],
  ['a byte order mark (F-82)', `\ufeff${call}`],
  ['UTF-16', Buffer.from(call, 'utf16le')],
  ['a byte that is not UTF-8', Buffer.from(call.replace('ping', 'p\xffng'), 'latin1')],
  ['an overlong spelling in UTF-8', Buffer.from(call.replace('ping', '\xc0\xaf'), 'latin1')],
  ['a form', 'jsonrpc=2.0&method=ping'],
];

describe('a body that is not JSON', () => {
  for (const [name, body] of notJson) {
    verifies('WALK-06-NOT-JSON', `is 400 with -32700: ${name}`, async () => {
      await guard.expectRefused('malformed_rpc', { body }, { contract: { rpcCode: -32_700 } });
    });
  }
});

verifies('WALK-00-ORDER', 'a body is refused by type, then coding, then size, then content', async () => {
  const large = {
    body: 'x'.repeat(bodyBytes + 1),
    headers: { 'content-encoding': 'gzip', 'content-type': 'text/plain' },
  };
  await guard.expectRefused('bad_content_type', large);
  await guard.expectRefused('bad_encoding', { ...large, headers: { 'content-encoding': 'gzip' } });
  await guard.expectRefused('too_large', { body: large.body });
  expect(large.body.length).toBeGreaterThan(bodyBytes);
});

verifies('WALK-00-NO-SECRET', 'no token of these tests is in a record, a log line or an answer', () =>
  guard.expectClean(),
);
