import { afterAll, beforeAll, describe, expect } from 'vitest';
import { openGuard, type Call, type CallOf, type Guard } from './support/guard.ts';
import { modern, type HeaderValue } from './support/mcp-request.ts';
import { verifies } from './support/verifies.ts';

let guard: Guard;
beforeAll(async () => {
  guard = await openGuard();
});
afterAll(() => guard.close());

const modernOnly = ['modern'] as const;
const version = 'mcp-protocol-version';

/** A modern call with other headers. */
function withHeaders(headers: Record<string, HeaderValue>, rest: Call = {}): Call {
  return { ...rest, headers, eras: modernOnly };
}

const missing: readonly [string, Call][] = [
  ['MCP-Protocol-Version', withHeaders({ [version]: undefined })],
  ['Mcp-Method', withHeaders({ 'mcp-method': undefined })],
  ['Mcp-Name of a tool', withHeaders({ 'mcp-name': undefined })],
  ['Mcp-Name of a resource', withHeaders({ 'mcp-name': undefined }, { rpc: ['resources/read', { uri: 'note:///1' }] })],
  ['Mcp-Name of a prompt', withHeaders({ 'mcp-name': undefined }, { rpc: ['prompts/get', { name: 'summarize' }] })],
  ['Mcp-Name of a task', withHeaders({ 'mcp-name': undefined }, { rpc: ['tasks/get', { taskId: 'x' }] })],
  ['Mcp-Method, of a list', withHeaders({ 'mcp-method': undefined }, { rpc: ['tools/list'] })],
  ['all three', withHeaders({ [version]: undefined, 'mcp-method': undefined, 'mcp-name': undefined })],
];

describe('a modern call', () => {
  for (const [name, call] of missing) {
    verifies('WALK-07-HEADERS-PRESENT', `without ${name} is 400 with -32020 (F-11)`, async () => {
      await guard.expectRefused('header_mismatch', call);
    });
  }
});

const writeNote = ['tools/call', { name: 'write-note', arguments: { id: '1', text: 'x' } }] as const;

const wrong: readonly [string, Call][] = [
  ['another tool (F-10)', withHeaders({ 'mcp-name': 'read-note' }, { rpc: writeNote })],
  ['a tool in upper case (F-13)', withHeaders({ 'mcp-name': 'ECHO' })],
  ['a tool with something after it', withHeaders({ 'mcp-name': 'echo x' })],
  ['an empty name', withHeaders({ 'mcp-name': '' })],
  ['two names', withHeaders({ 'mcp-name': ['echo', 'write-note'] })],
  ['the same name twice', withHeaders({ 'mcp-name': ['echo', 'echo'] })],
  ['two names in one line', withHeaders({ 'mcp-name': 'echo, echo' })],
  ['another resource', withHeaders({ 'mcp-name': 'note:///2' }, { rpc: ['resources/read', { uri: 'note:///1' }] })],
  ['another task (F-63)', withHeaders({ 'mcp-name': 'y' }, { rpc: ['tasks/get', { taskId: 'x' }] })],
  ['another method', withHeaders({ 'mcp-method': 'tools/list' })],
  ['the method in upper case (F-13)', withHeaders({ 'mcp-method': 'TOOLS/CALL' })],
  ['two methods', withHeaders({ 'mcp-method': ['tools/call', 'tools/list'] })],
  ['the same method twice', withHeaders({ 'mcp-method': ['tools/call', 'tools/call'] })],
  ['two versions (F-17)', withHeaders({ [version]: ['2026-07-28', '2025-11-25'] })],
  ['two versions in one line (F-17)', withHeaders({ [version]: '2026-07-28, 2025-11-25' })],
  ['the same version twice', withHeaders({ [version]: ['2026-07-28', '2026-07-28'] })],
  ['a version of the other era (F-18)', withHeaders({ [version]: '2025-11-25' })],
  ['an empty version', withHeaders({ [version]: '' })],
];

describe('a modern call whose headers say', () => {
  for (const [name, call] of wrong) {
    verifies('WALK-07-HEADERS-MATCH', `${name} is 400 with -32020`, async () => {
      await guard.expectRefused('header_mismatch', call);
    });
  }

  verifies('WALK-07-HEADERS-MATCH', 'another tool leaves both names in the record (F-10)', async () => {
    const [record] = await guard.expectRefused('header_mismatch', wrong[0]?.[1] ?? {});
    expect(record?.detail).toEqual({ header: 'Mcp-Name', sent: ['read-note'], body: 'write-note' });
  });
});

const matching: readonly [string, CallOf][] = [
  ['header names in any case (F-14)', { headers: { 'mcp-name': undefined, 'MCP-NAME': 'echo' }, eras: modernOnly }],
  ['space around a value (F-15)', withHeaders({ 'mcp-name': '  echo  ', 'mcp-method': '\ttools/call ' })],
  ['an encoded name (F-19)', withHeaders({ 'mcp-name': '=?base64?ZWNobw==?=' })],
];

for (const [name, call] of matching) {
  verifies(['WALK-07-HEADERS-MATCH', 'WALK-07-SENTINEL'], `a modern call may have ${name}`, async () => {
    await guard.expectAnswered(call);
  });
}

const sentinels: readonly [string, string][] = [
  ['another name', '=?base64?d3JpdGUtbm90ZQ==?='],
  ['a character that is not Base64 (F-21)', '=?base64?ZWNo!w==?='],
  ['no padding (F-21)', '=?base64?ZWNobw?='],
  ['too much padding', '=?base64?ZWNobw===?='],
  ['a space inside (F-21)', '=?base64?ZWNo bw==?='],
  ['the alphabet of URLs (F-21)', '=?base64?ZWNo_-==?='],
  ['bits left over (F-21)', '=?base64?ZWNobx==?='],
  ['bytes that are no UTF-8 (F-21)', '=?base64?//79?='],
  ['nothing (F-21)', '=?base64??='],
  ['a marker in upper case, which is a literal (F-21)', '=?BASE64?ZWNobw==?='],
  ['an end that is missing, which is a literal', '=?base64?ZWNobw=='],
  ['more than 8 KB (F-22)', `=?base64?${Buffer.alloc(9_000, 'x').toString('base64')}?=`],
  ['a line break and colours (F-22)', `=?base64?${Buffer.from('echo\r\n\u001b[31m').toString('base64')}?=`],
  ['a NUL after the name', `=?base64?${Buffer.from('echo\0').toString('base64')}?=`],
  ['a second layer', `=?base64?${Buffer.from('=?base64?ZWNobw==?=').toString('base64')}?=`],
];

describe('an encoded Mcp-Name', () => {
  for (const [name, value] of sentinels) {
    verifies('WALK-07-SENTINEL', `that holds ${name} is 400 with -32020`, async () => {
      const [record] = await guard.expectRefused('header_mismatch', withHeaders({ 'mcp-name': value }));
      expect(JSON.stringify(record).length).toBeLessThan(2_000);
    });
  }

  verifies('WALK-07-SENTINEL', 'is needed for characters outside ASCII, which are 400 as they are (F-23)', async () => {
    const name = 'résumé';
    const rpc = ['tools/call', { name }] as const;
    await guard.expectRefused('header_mismatch', withHeaders({ 'mcp-name': name }, { rpc }));
    const encoded = `=?base64?${Buffer.from(name).toString('base64')}?=`;
    await guard.expectRefused('unknown_tool', withHeaders({ 'mcp-name': encoded }, { rpc }));
  });
});

const supported = {
  modern: ['2026-07-28'],
  legacy: ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05', '2024-10-07'],
};

describe('a version that is not supported', () => {
  for (const asked of ['2027-01-01', '2026-07-29', '9999-99-99', 'latest']) {
    verifies('WALK-07-VERSION', `is 400 with -32022 and the ones that are, in a modern call: ${asked}`, async () => {
      const meta = { 'io.modelcontextprotocol/protocolVersion': asked };
      const rpc = ['tools/call', { name: 'echo', _meta: meta }] as const;
      const data = { supported: supported.modern, requested: asked };
      await guard.expectRefused('unsupported_version', withHeaders({ [version]: asked }, { rpc }), { data });
    });
  }

  for (const asked of ['2025-01-01', '2024-10-08', '1.0']) {
    verifies('WALK-07-VERSION', `is 400 with -32022 and the ones that are, in a 2025-era call: ${asked}`, async () => {
      const data = { supported: supported.legacy, requested: asked };
      const call: Call = { headers: { [version]: asked }, eras: ['legacy'] };
      await guard.expectRefused('unsupported_version', call, { data });
    });
  }
});

describe('a modern version header', () => {
  const bare = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'whoami' } });
  const bodies: readonly [string, string][] = [
    ['no _meta (F-18)', bare],
    ['an empty _meta', bare.replace('{"name"', '{"_meta":{},"name"')],
    ['no version in _meta', bare.replace('{"name"', '{"_meta":{"progressToken":1},"name"')],
  ];
  for (const [name, body] of bodies) {
    verifies('WALK-07-META', `with ${name} in the body is 400 with -32602`, async () => {
      const call: Call = {
        body: body.replace('"id":1', '"id":"x"'),
        headers: { [version]: '2026-07-28' },
        eras: ['legacy'],
      };
      await guard.expectRefused('header_mismatch', call, { contract: { rpcCode: -32_602 }, id: 'x' });
    });
  }

  const envelopes: readonly [string, Record<string, unknown>][] = [
    ['a version that is a number', { 'io.modelcontextprotocol/protocolVersion': 20_260_728 }],
    ['no capabilities', { 'io.modelcontextprotocol/clientCapabilities': undefined }],
    ['capabilities that are a list', { 'io.modelcontextprotocol/clientCapabilities': [] }],
    ['a client without a name', { 'io.modelcontextprotocol/clientInfo': { version: '1' } }],
  ];
  for (const [name, _meta] of envelopes) {
    verifies('WALK-07-META', `with ${name} in _meta is 400 with -32602`, async () => {
      const call: Call = { rpc: ['tools/call', { name: 'echo', _meta }], eras: modernOnly };
      await guard.expectRefused('malformed_rpc', call, { contract: { rpcCode: -32_602, id: true } });
    });
  }
});

verifies('WALK-07-META', 'what a client says of itself changes nothing and is recorded as said (F-42)', async () => {
  const _meta = { 'io.modelcontextprotocol/clientInfo': { name: 'admin-console', version: '9' } };
  await guard.expectRefused(
    'insufficient_scope',
    { rpc: ['tools/call', { ...writeNote[1], _meta }] },
    { scope: 'notes:write' },
  );
  expect(modern('ping').headers).toMatchObject({ [version]: '2026-07-28' });
});

verifies('WALK-00-NO-SECRET', 'no token of these tests is in a record, a log line or an answer', () =>
  guard.expectClean(),
);
