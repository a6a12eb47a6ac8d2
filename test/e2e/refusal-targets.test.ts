import { afterAll, beforeAll, describe, expect } from 'vitest';
import { openGuard, type Call, type Guard } from './support/guard.ts';
import { legacy, modern, send } from './support/mcp-request.ts';
import { verifies } from './support/verifies.ts';

let guard: Guard;
beforeAll(async () => {
  guard = await openGuard();
});
afterAll(() => guard.close());

const call = (name: unknown): Call => ({ rpc: ['tools/call', { name }] });

const names = [
  ...[
    'READ-NOTE',
    'read-note ',
    ' read-note',
    'read-note\u0000',
    'read-note\n',
    'read\u200b-note',
    'reаd-note',
    'ｒead-note',
  ],
  ...[
    're\u0301ad-note',
    '\u202eread-note',
    'read-notes',
    'read',
    '',
    '*',
    '__proto__',
    'constructor',
    'toString',
    'tools.echo',
  ],
];

describe('an unknown tool', () => {
  for (const name of names) {
    verifies(
      ['REFUSAL-UNKNOWN-TARGET', 'REFUSAL-NOTHING-RAN'],
      `is -32602 in HTTP 200, without its name: ${JSON.stringify(name)} (F-07, F-38)`,
      async () => {
        const encoded = `=?base64?${Buffer.from(name).toString('base64')}?=`;
        const headers = name === '' ? {} : { 'mcp-name': encoded };
        await guard.expectRefused('unknown_tool', { ...call(name), headers });
        const { answer } = await guard.send({ ...call(name), headers });
        expect(answer.text.toLowerCase()).not.toContain('note');
      },
    );
  }
});

const types: readonly [string, unknown][] = [
  ['a number', 1],
  ['a list', ['write-note']],
  ['an object', { toString: 'read-note' }],
  ['null', null],
  ['missing', undefined],
];

describe('a name that is no text', () => {
  for (const [name, value] of types) {
    verifies('REFUSAL-CODE', `is 400 with -32602: ${name} (F-39)`, async () => {
      const contract = { rpcCode: -32_602, id: true };
      await guard.expectRefused('malformed_rpc', call(value), { contract });
      await guard.expectRefused('malformed_rpc', { rpc: ['resources/read', { uri: value }] }, { contract });
      await guard.expectRefused('malformed_rpc', { rpc: ['prompts/get', { name: value }] }, { contract });
    });
  }

  verifies('REFUSAL-CODE', 'is 400 with -32602 when it is 64 KB long, or its arguments are none (F-39)', async () => {
    const contract = { rpcCode: -32_602, id: true };
    await guard.expectRefused('malformed_rpc', { ...call('x'.repeat(65_536)), eras: ['legacy'] }, { contract });
    await guard.expectRefused(
      'malformed_rpc',
      { rpc: ['tools/call', { name: 'echo', arguments: ['hello'] }] },
      { contract },
    );
  });
});

describe('hidden, unknown and undeclared tools', () => {
  for (const [era, make] of Object.entries({ modern, legacy })) {
    verifies(
      ['REFUSAL-UNKNOWN-TARGET', 'WALK-08-HIDDEN'],
      `have the same answer, byte for byte: ${era} (F-05, F-07)`,
      async () => {
        const answers = await Promise.all(
          ['purge-notes', 'unlisted', 'nope'].map((name) =>
            send(guard.target.url, make('tools/call', { name }, { token: guard.good, id: 'same' })),
          ),
        );
        const seen = answers.map(({ status, text, headers: { date: _date, ...headers } }) => ({
          status,
          text,
          headers,
        }));
        expect(seen[0]?.status).toBe(200);
        expect(seen[1]).toEqual(seen[0]);
        expect(seen[2]).toEqual(seen[0]);
      },
    );
  }

  verifies('REFUSAL-UNKNOWN-TARGET', 'are told apart in the record only', async () => {
    await guard.expectRefused('tool_not_in_card', call('unlisted'));
    const [record] = await guard.expectRefused('insufficient_scope', call('purge-notes'), {
      contract: { status: 200, rpcCode: -32_602, code: 'ERR_ACCESS_UNKNOWN_TARGET', challenge: 'none' },
    });
    expect(record?.decision).toMatchObject({ rule: 'tools.purge-notes', missingScopes: ['notes:admin'] });
  });
});

verifies(
  'REFUSAL-RESOURCE-URI',
  'an unknown resource is -32602 with the URI that was asked for, as it was written (F-49)',
  async () => {
    for (const uri of [
      'note:///1/x',
      'NOTE:///1',
      'note:///',
      'file:///etc/passwd',
      'config:///server/',
      'config:///Server',
      'nope',
    ]) {
      await guard.expectRefused('unknown_resource', { rpc: ['resources/read', { uri }] }, { data: { uri } });
    }
  },
);

verifies('REFUSAL-CODE', 'a subscription to more resources than anybody needs is 413 (F-61)', async () => {
  const resourceSubscriptions = Array.from({ length: 1_001 }, (_, i) => `note:///${i}`);
  const rpc = ['subscriptions/listen', { notifications: { resourceSubscriptions } }] as const;
  await guard.expectRefused('too_large', { rpc, eras: ['modern'] }, { contract: { id: true } });
  const long = Array.from({ length: 100 }, (_, i) => `note:///${i}/${'x'.repeat(8_000)}`);
  const wide = ['subscriptions/listen', { notifications: { resourceSubscriptions: long } }] as const;
  await guard.expectRefused('too_large', { rpc: wide, eras: ['modern'] }, { contract: { id: true } });
  const many = Array.from({ length: 100_000 }, (_, i) => `note:///${i}`);
  const all = ['subscriptions/listen', { notifications: { resourceSubscriptions: many } }] as const;
  const { answer } = await guard.send({ rpc: all });
  expect(answer).toMatchObject({ status: 413, json: { error: { data: { code: 'ERR_REQUEST_TOO_LARGE' } } } });
  await guard.expectNextAnswered();
});

verifies('REFUSAL-UNKNOWN-TARGET', 'an unknown prompt is -32602 (F-51)', async () => {
  await guard.expectRefused('unknown_prompt', { rpc: ['prompts/get', { name: 'nope' }] });
});

verifies('WALK-00-NO-SECRET', 'no token of these tests is in a record, a log line or an answer', () =>
  guard.expectClean(),
);
