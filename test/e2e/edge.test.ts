import type { AuditRecord } from '@sallyport/core';
import { startDevIdp, type DevIdp } from '@sallyport/dev-idp';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { legacy, modern, send, streamMessages, type Answer, type JsonRpcAnswer } from './support/mcp-request.ts';
import { startTarget, type Target } from './support/target.ts';
import { verifies } from './support/verifies.ts';

let idp: DevIdp;
let target: Target;
beforeAll(async () => {
  idp = await startDevIdp({ quiet: true });
  target = await startTarget({ issuer: idp.issuer });
});
afterAll(async () => {
  await target.remove();
  await idp.close();
});

const eras = { modern, legacy };
const accepts = ['application/json, text/event-stream', 'application/json', 'text/event-stream'];

/** The answer in whichever form it came. */
function messageOf(answer: Answer): JsonRpcAnswer {
  return answer.json ?? (streamMessages(answer.text).at(-1) as JsonRpcAnswer);
}

const lists = {
  'tools/list': ['tools', 'name'],
  'resources/list': ['resources', 'uri'],
  'resources/templates/list': ['resourceTemplates', 'uriTemplate'],
  'prompts/list': ['prompts', 'name'],
} as const;

const note = { 'resources/templates/list': ['note:///{id}'], 'prompts/list': ['summarize'] };
const none = { 'tools/list': ['whoami'], 'resources/list': [], 'resources/templates/list': [], 'prompts/list': [] };

const seen: readonly [string, Partial<Record<keyof typeof lists, readonly string[]>>][] = [
  ['', {}],
  ['unknown:scope notes:read-only NOTES:READ', {}],
  ['notes:read', { 'tools/list': ['whoami', 'read-note'], ...note }],
  ['notes:write', { 'tools/list': ['whoami', 'read-note', 'write-note', 'confirm-delete'], ...note }],
  ['notes:admin', { 'tools/list': ['whoami', 'read-note', 'write-note', 'purge-notes', 'confirm-delete'], ...note }],
  [
    'echo:call config:read',
    { 'tools/list': ['whoami', 'echo', 'sleep', 'crash'], 'resources/list': ['config:///server'] },
  ],
  ['payments:write reports:run', { 'tools/list': ['whoami', 'transfer', 'slow-report'] }],
];

describe.each(Object.entries(eras))('in the %s era', (era, make) => {
  for (const [scopes, visible] of seen) {
    verifies(
      'EDGE-LISTS-FILTERED',
      `"${scopes}" sees exactly what it may use, whatever form it accepts (F-46)`,
      async () => {
        const token = await idp.mintToken({ subject: 'lister', scopes: scopes.split(' ').filter(Boolean) });
        for (const [method, [key, name]] of Object.entries(lists)) {
          for (const accept of accepts) {
            const answer = await send(target.url, make(method, {}, { token, headers: { accept } }));
            if (answer.status === 406) continue;
            const entries = messageOf(answer).result?.[key] as Record<string, string>[];
            const expected = { ...none, ...visible }[method as keyof typeof lists];
            expect(entries.map((entry) => String(entry[name])).toSorted()).toEqual(expected.toSorted());
          }
        }
      },
    );
  }

  verifies('EDGE-LISTS-PRIVATE', 'a list says that it is private, and its answer is not to be stored', async () => {
    const token = await idp.mintToken({ subject: 'lister', scopes: ['notes:admin', 'echo:call'] });
    for (const method of Object.keys(lists)) {
      const answer = await send(target.url, make(method, {}, { token }));
      expect(String(answer.headers['cache-control'])).toMatch(/no-store|private|no-cache/);
      expect(String(answer.headers['cache-control'])).not.toContain('public');
      const scope = messageOf(answer).result?.['cacheScope'];
      expect(scope).toBe(era === 'modern' ? 'private' : undefined);
    }
  });

  verifies('EDGE-LISTS-FILTERED', 'two callers at once get each their own list (F-47)', async () => {
    const tokens = await Promise.all(
      [['notes:admin'], ['echo:call']].map((scopes, index) => idp.mintToken({ subject: `lister-${index}`, scopes })),
    );
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        send(target.url, make('tools/list', {}, { token: tokens[index % 2] ?? '' })),
      ),
    );
    for (const [index, answer] of answers.entries()) {
      expect(answer.text.includes('purge-notes')).toBe(index % 2 === 0);
      expect(answer.text.includes('"echo"')).toBe(index % 2 === 1);
    }
  });
});

const callers = 25;
const rounds = 20;

interface Row {
  readonly caller: number;
  readonly id: string;
  readonly tool: 'whoami' | 'echo' | 'read-note' | 'write-note';
  readonly answer: Answer;
}

const tools = ['whoami', 'echo', 'read-note', 'write-note'] as const;

/** What the answer to one call says, and whether that is what this caller had to get. */
function isRight({ caller, id, tool, answer }: Row): boolean {
  const text = answer.text;
  if (messageOf(answer).id !== id) return false;
  if (tool === 'whoami') return text.includes(`"sub":"caller-${caller}"`);
  if (tool === 'echo') return text.includes(`text of caller-${caller} in ${id}`);
  // Every second caller may read, none may write.
  if (tool === 'read-note' && caller % 2 === 0) return answer.status === 200 && text.includes('The first note.');
  return answer.status === 403;
}

verifies(
  'EDGE-NO-CROSS-TALK',
  '500 parallel calls of 25 callers get each their own answer, and leave their own records (F-102)',
  async () => {
    const tokens = await Promise.all(
      Array.from({ length: callers }, (_, caller) =>
        idp.mintToken({
          subject: `caller-${caller}`,
          clientId: `client-${caller}`,
          scopes: caller % 2 === 0 ? ['echo:call', 'notes:read'] : ['echo:call'],
        }),
      ),
    );
    const from = target.effects().length;
    const rows = await Promise.all(
      Array.from({ length: callers * rounds }, async (_, index): Promise<Row> => {
        const caller = index % callers;
        const tool = tools[(index * 7 + caller) % tools.length] ?? 'whoami';
        const id = `parallel-${index}`;
        const args = {
          echo: { text: `text of caller-${caller} in ${id}` },
          'read-note': { id: '1' },
          'write-note': { id: 'x', text: id },
          whoami: {},
        };
        const make = index % 3 === 0 ? legacy : modern;
        const request = make('tools/call', { name: tool, arguments: args[tool] }, { token: tokens[caller] ?? '', id });
        return { caller, id, tool, answer: await send(target.url, request) };
      }),
    );
    expect(
      rows
        .filter((row) => !isRight(row))
        .map(({ id, tool, answer }) => `${id} ${tool} ${answer.status} ${answer.text}`),
    ).toEqual([]);

    // Everything recorded before this answer is on disk.
    await send(target.url, modern('tools/call', { name: 'whoami' }, { token: tokens[0] ?? '' }));
    const decisions = new Map<unknown, AuditRecord[]>();
    const outcomes = new Map<unknown, AuditRecord[]>();
    for (const record of target.records()) {
      if (record.type === 'mcp.outcome') outcomes.set(record.call, [...(outcomes.get(record.call) ?? []), record]);
      else decisions.set(record.mcp?.requestId, [...(decisions.get(record.mcp?.requestId) ?? []), record]);
    }
    for (const { caller, id, tool, answer } of rows) {
      const [decision, ...more] = decisions.get(id) ?? [];
      expect(more).toEqual([]);
      expect(decision).toMatchObject({
        actor: { sub: `caller-${caller}`, clientId: `client-${caller}` },
        target: { name: tool },
        decision: { effect: answer.status === 200 ? 'allow' : 'deny' },
      });
      const ended = outcomes.get(decision?.call) ?? [];
      expect(ended.map(({ actor, outcome }) => ({ sub: actor?.sub, status: outcome?.status }))).toEqual(
        answer.status === 200 ? [{ sub: `caller-${caller}`, status: 'ok' }] : [],
      );
    }
    const ran = target
      .effects()
      .slice(from, -1)
      .map(({ tool, sub }) => `${tool} ${sub ?? ''}`);
    const expected = rows
      .filter(({ answer }) => answer.status === 200)
      .map(({ tool, caller }) => `${tool} caller-${caller}`);
    expect(ran.toSorted()).toEqual(expected.toSorted());
  },
);
