import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { expectFailedStart, tryStarts, type EndedStart, type FailedStart } from './support/failed-start.ts';
import { openGuard, type Call, type Guard } from './support/guard.ts';
import { verifies } from './support/verifies.ts';

interface AccessBlock {
  readonly scopes: Record<string, object>;
  readonly tools: Record<string, object>;
  readonly resources: Record<string, object>;
}

type Rpc = NonNullable<Call['rpc']>;

const cardFile = fileURLToPath(new URL('../target/server-card.json', import.meta.url));

/** The card of the target, with further rules. */
function cardWith(change: (access: AccessBlock) => void): object {
  const card = JSON.parse(readFileSync(cardFile, 'utf8')) as {
    readonly _meta: Record<'dev.sallyport/access', AccessBlock>;
  };
  change(card._meta['dev.sallyport/access']);
  return card;
}

const withGroups = cardWith(({ tools, resources }) => {
  tools['read-note'] = { ...tools['read-note'], groups: ['dba', 'ops'] };
  tools['write-note'] = { ...tools['write-note'], roles: ['editor'] };
  tools['purge-notes'] = { ...tools['purge-notes'], groups: ['dba'] };
  tools['whoami'] = { scopes: [], when: "principal.tenant == 'acme'" };
  resources['note:///{id}'] = { ...resources['note:///{id}'], when: "!call.uri.endsWith('/secret')" };
});

const transfer = (args: Record<string, unknown> | undefined): Rpc => [
  'tools/call',
  { name: 'transfer', ...(args && { arguments: args }) },
];
const pin = 'PIN-8731-0042';
const payment = (amount: unknown): Record<string, unknown> => ({ amount, currency: 'EUR', memo: 'rent', pin });

describe('a tool with a condition on its arguments', () => {
  let guard: Guard;
  let small: string;
  let large: string;
  beforeAll(async () => {
    guard = await openGuard();
    small = await guard.token({ subject: 'small', scopes: ['payments:write'] });
    large = await guard.token({ subject: 'large', scopes: ['payments:write', 'payments:large'] });
    guard.watch(pin);
  });
  afterAll(async () => {
    await guard.expectClean();
    await guard.close();
  });

  for (const amount of [1000, 999.5, 0, -3]) {
    verifies('CARD-CONDITION', `runs where it holds: ${amount}`, async () => {
      const sent = await guard.expectAnswered({ rpc: transfer(payment(amount)), token: small });
      for (const { answer } of sent) expect(answer.text).toContain(`Transferred ${amount} EUR.`);
    });
  }

  verifies('CARD-CONDITION', 'runs where the caller meets it by a scope', async () => {
    await guard.expectAnswered({ rpc: transfer(payment(1001)), token: large });
  });

  const stepUp = { scope: 'payments:write payments:large' };
  for (const amount of [1001, 1000.01, 1e300]) {
    verifies(
      ['CARD-CONDITION', 'CARD-CONDITION-STEP-UP', 'CARD-CONDITION-RECORDED'],
      `is 403 where it does not hold, and the challenge names the step-up: ${amount}`,
      async () => {
        const records = await guard.expectRefused(
          'condition',
          { rpc: transfer(payment(amount)), token: small },
          stepUp,
        );
        for (const { decision, detail, target, redaction } of records) {
          expect(decision).toMatchObject({
            reason: 'condition',
            rule: 'tools.transfer',
            missingScopes: ['payments:large'],
          });
          expect(target).toEqual({ kind: 'tool', name: 'transfer' });
          expect(detail).toMatchObject({ condition: { rule: 'tools.transfer', field: 'when', result: false } });
          expect(redaction?.hidden).toContain('/pin');
        }
        expect(JSON.stringify(guard.target.records())).not.toContain(pin);
      },
    );
  }

  const hostile: readonly [string, Record<string, unknown> | undefined, string][] = [
    ['no arguments', undefined, 'args.amount is missing'],
    ['no amount', { pin, memo: 'x' }, 'args.amount is missing'],
    ['an amount that is a text', payment('1'), 'does not work with values of these types'],
    ['an amount that is null', payment(null), 'does not work with values of these types'],
    ['an amount that is a list', payment([1]), 'does not work with values of these types'],
    [
      'an amount that looks like a number',
      payment({ $typeName: 'google.protobuf.DoubleValue', value: 1 }),
      'does not work',
    ],
  ];
  for (const [name, args, problem] of hostile) {
    verifies(['CARD-CONDITION-ERROR', 'CARD-CONDITION-RECORDED'], `is 403 and runs nothing with ${name}`, async () => {
      const records = await guard.expectRefused('condition', { rpc: transfer(args), token: small }, stepUp);
      for (const { detail } of records) {
        expect(detail).toMatchObject({
          condition: { result: 'error', problem: expect.stringContaining(problem) as string },
        });
      }
    });
  }

  verifies('CARD-CONDITION-ERROR', 'does not find its argument under a prototype', async () => {
    const call = (era: 'modern' | 'legacy'): Call => ({
      rpc: transfer(
        JSON.parse(`{"__proto__":{"amount":1},"constructor":{"amount":1},"pin":"${pin}"}`) as Record<string, unknown>,
      ),
      token: small,
      eras: [era],
    });
    await guard.expectRefused('condition', call('modern'), stepUp);
    await guard.expectRefused('condition', call('legacy'), stepUp);
  });

  verifies('CARD-CONDITION-AFTER-SCOPES', 'asks for the scope of the tool first', async () => {
    const token = await guard.token({ subject: 'poor', scopes: ['payments:large'] });
    const [record] = await guard.expectRefused(
      'insufficient_scope',
      { rpc: transfer(payment(5000)), token },
      { scope: 'payments:write' },
    );
    expect(record?.detail).toBeUndefined();
  });
});

describe('a tool for groups and roles', () => {
  let guard: Guard;
  const token = (claims: Record<string, unknown>, ...scopes: string[]): Promise<string> =>
    guard.token({ scopes, claims });
  beforeAll(async () => {
    guard = await openGuard({
      config: { card: withGroups },
      issuers: (idp) => [{ issuer: idp.issuer, claims: { groups: 'groups', roles: 'roles', tenant: 'tenant' } }],
      goodCall: async ({ token: mint }) => ({ token: await mint({ scopes: ['echo:call'] }) }),
    });
  });
  afterAll(() => guard.close());

  const read: Rpc = ['tools/call', { name: 'read-note', arguments: { id: '1' } }];
  const metadata = { contract: { challenge: 'metadata' } } as const;

  verifies(['CARD-GROUPS', 'CARD-CONDITION-RECORDED'], 'is 403 to who is in none of the groups', async () => {
    for (const groups of [undefined, [], ['DBA', 'op'], ['dba,ops']]) {
      const caller = await token({ groups }, 'notes:read');
      const records = await guard.expectRefused('condition', { rpc: read, token: caller }, metadata);
      for (const { decision, detail } of records) {
        expect(decision).toMatchObject({ rule: 'tools.read-note', missingScopes: [] });
        expect(detail).toEqual({
          condition: { rule: 'tools.read-note', field: 'groups', expression: 'dba, ops', result: false },
        });
      }
    }
  });

  verifies('CARD-GROUPS', 'runs for who is in one of them', async () => {
    await guard.expectAnswered({ rpc: read, token: await token({ groups: ['x', 'ops'] }, 'notes:read') });
  });

  verifies('CARD-GROUPS', 'takes no group for a scope, and no scope for a role', async () => {
    const member = await token({ groups: ['dba'], roles: ['editor'] });
    await guard.expectRefused('insufficient_scope', { rpc: read, token: member }, { scope: 'notes:read' });
    const writer = await token({ groups: ['editor'] }, 'notes:write');
    const write: Rpc = ['tools/call', { name: 'write-note', arguments: { id: '9', text: 'x' } }];
    await guard.expectRefused('condition', { rpc: write, token: writer }, metadata);
  });

  verifies('CARD-GROUPS', 'is in the lists of its members only, and so is what only the caller decides', async () => {
    const list = async (claims: Record<string, unknown>): Promise<string[]> => {
      const caller = await token(claims, 'notes:write', 'notes:read', 'payments:write');
      const { answer } = await guard.send({ rpc: ['tools/list'], token: caller });
      const result = answer.json?.result as { tools: { name: string }[] } | undefined;
      return (result?.tools ?? []).map(({ name }) => name).toSorted();
    };
    // What depends on arguments is shown: it may be allowed.
    expect(await list({})).toEqual(['confirm-delete', 'transfer']);
    expect(await list({ groups: ['dba'], roles: ['editor'], tenant: 'acme' })).toEqual([
      'confirm-delete',
      'read-note',
      'transfer',
      'whoami',
      'write-note',
    ]);
  });

  verifies('CARD-GROUPS', 'is as hidden as ever from who lacks its scope', async () => {
    const outsider = await token({ groups: ['dba'] });
    await guard.expectRefused(
      'insufficient_scope',
      { rpc: ['tools/call', { name: 'purge-notes' }], token: outsider },
      {
        contract: { status: 200, rpcCode: -32_602, code: 'ERR_ACCESS_UNKNOWN_TARGET', challenge: 'none' },
      },
    );
  });

  verifies('CARD-CONDITION', 'is like a resource with a condition on its URI', async () => {
    const caller = await token({}, 'notes:read');
    await guard.expectRefused(
      'condition',
      {
        rpc: [
          'completion/complete',
          { ref: { type: 'ref/resource', uri: 'note:///secret' }, argument: { name: 'id', value: '' } },
        ],
        token: caller,
      },
      metadata,
    );
  });
});

const base = '/_meta/dev.sallyport~1access';
const condition = (when: string, says: RegExp): FailedStart => ({
  config: { card: './card.json' },
  files: {
    'card.json': JSON.stringify(
      cardWith(({ tools }) => (tools['echo'] = { scopes: [], when })),
      null,
      2,
    ),
  },
  file: 'card.json',
  field: `${base}/tools/echo/when`,
  says,
  code: 'ERR_CARD_INVALID',
});

const mistakes: readonly [string, FailedStart][] = [
  ['what does not parse', condition('args.x <=', /is not CEL: character/)],
  ['an unknown variable', condition('user.admin', /uses "user", which does not exist; use principal, args, call/)],
  ['an unknown member', condition("principal.email == 'x'", /uses "principal\.email", which does not exist/)],
  ['what can not be true', condition('size(args.x)', /is not true or false but int/)],
  ['a scope that is not declared', condition("'payments:huge' in principal.scopes", /not a declared scope/)],
  ['loops in loops in loops', condition('args.a.all(x, x.all(y, y.all(z, z)))', /macros inside each other/)],
];

const offline: readonly [string, FailedStart][] = [
  [
    'a card that declares it',
    {
      ...condition('true', /"offline_access" is between a client and its issuer/),
      files: { 'card.json': JSON.stringify(cardWith(({ scopes }) => (scopes['offline_access'] = {}))) },
      field: `${base}/scopes/offline_access`,
    },
  ],
  [
    'a tool that needs it',
    {
      ...condition('true', /"offline_access" is between a client and its issuer/),
      files: {
        'card.json': JSON.stringify(cardWith(({ tools }) => (tools['echo'] = { scopes: ['offline_access'] }))),
      },
      field: `${base}/tools/echo/scopes/0`,
    },
  ],
  [
    'a first sign-in that asks for it',
    {
      config: { signInScopes: ['notes:read', 'offline_access'] },
      file: 'config.json',
      field: 'signInScopes[1]',
      says: /"offline_access" is for clients to ask for/,
      code: 'ERR_CONFIG_INVALID',
    },
  ],
];

describe('a start is stopped', () => {
  let ended: Map<FailedStart, EndedStart>;
  beforeAll(async () => {
    ended = await tryStarts([...mistakes, ...offline].map(([, start]) => start));
  });

  for (const [name, start] of mistakes)
    verifies('CARD-CONDITION-CHECKED', `by a condition with ${name}`, () => expectFailedStart(start, ended.get(start)));
  for (const [name, start] of offline)
    verifies('CARD-OFFLINE-ACCESS', `by offline_access: ${name}`, () => expectFailedStart(start, ended.get(start)));
});
