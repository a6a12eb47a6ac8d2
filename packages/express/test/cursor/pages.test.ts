import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mount } from '../../src/index.ts';
import { json, sse } from '../support/call-handler.ts';
import { openGuarded, type Guarded } from '../support/guarded.ts';
import { legacy, modern, send, type Answer, type SendOptions } from '../support/http.ts';

let guarded: Guarded;
let url: string;
let alice: string;
let bob: string;
/** What the handler was asked with: the parsed body, and the bytes it can read. */
let asked: { cursor: unknown; bytes: string; frozen: boolean }[] = [];
let type = json;

interface ListCall {
  readonly id: number;
  readonly params: { readonly cursor?: unknown };
}

/** A server whose cursors name the tool at which a page begins, hidden ones too. */
const pages: Readonly<Record<string, object>> = {
  undefined: { tools: [{ name: 'whoami' }, { name: 'read-note' }], nextCursor: 'purge-notes' },
  'purge-notes': { tools: [{ name: 'purge-notes' }, { name: 'write-note' }] },
};

beforeAll(async () => {
  guarded = await openGuarded({ config: { legacy: 'handler' } });
  url = await guarded.serveHandler(
    mount(async (req: IncomingMessage, res: ServerResponse, message: unknown) => {
      const chunks: Buffer[] = [];
      for await (const chunk of req) chunks.push(chunk as Buffer);
      const { id, params } = message as ListCall;
      const { cursor } = params;
      asked.push({ cursor, bytes: Buffer.concat(chunks).toString(), frozen: Object.isFrozen(params) });
      const result = { ...pages[String(cursor)], ttlMs: 5, cacheScope: 'public' };
      const text = JSON.stringify({ jsonrpc: '2.0', id, result });
      res.writeHead(200, type).end(type === sse ? `data: ${text}\n\n` : text);
    }),
  );
  alice = await guarded.token(['notes:write'], 'alice');
  bob = await guarded.token(['notes:write'], 'bob');
});
afterAll(() => guarded.close());

interface Page {
  readonly tools: { name: string }[];
  readonly nextCursor?: string;
  readonly cacheScope: string;
}
const pageOf = ({ text }: Answer): Page =>
  (JSON.parse(text.startsWith('data: ') ? text.slice(6) : text) as { result: Page }).result;

const eras: readonly [string, (token: string, cursor?: unknown) => SendOptions][] = [
  ['modern', (token, cursor) => modern(token, 'tools/list', cursor === undefined ? {} : { cursor })],
  ['2025-era', (token, cursor) => legacy(token, 'tools/list', cursor === undefined ? {} : { cursor })],
];

describe.each(eras)('the pages of a list in a %s answer', (_era, list) => {
  // @verifies EDGE-CURSOR-BOUND
  it.each([
    ['JSON', json],
    ['a stream', sse],
  ])('in %s are filtered one by one, and the server gets its own cursor back (F-46)', async (_form, form) => {
    type = form;
    asked = [];
    const first = pageOf(await send(url, list(alice)));
    expect(first.tools).toEqual([{ name: 'whoami' }]);
    expect(first.cacheScope).toBe('private');
    expect(first.nextCursor).not.toContain('purge');
    const second = pageOf(await send(url, list(alice, first.nextCursor)));
    expect(second.tools).toEqual([{ name: 'write-note' }]);
    expect(asked.map(({ cursor }) => cursor)).toEqual([undefined, 'purge-notes']);
    const again = JSON.parse(asked[1]?.bytes ?? '') as ListCall;
    expect(again.params.cursor).toBe('purge-notes');
    expect(asked[1]?.frozen).toBe(true);
  });

  // @verifies EDGE-CURSOR-BOUND
  it('can not be turned with the cursor of somebody else, a bare one or an altered one (F-46)', async () => {
    type = json;
    const { nextCursor = '' } = pageOf(await send(url, list(alice)));
    asked = [];
    const before = guarded.records.length;
    const wrong = [
      list(bob, nextCursor),
      ...['purge-notes', '', `${nextCursor}A`, 7, null, ['x']].map((cursor) => list(alice, cursor)),
    ];
    for (const request of wrong) {
      const answer = await send(url, request);
      expect(answer.status).toBe(400);
      expect(JSON.parse(answer.text)).toMatchObject({
        id: 1,
        error: { code: -32_602, data: { code: 'ERR_REQUEST_CURSOR_INVALID' } },
      });
    }
    expect(asked).toEqual([]);
    expect(guarded.records.slice(before).map(({ type: of, decision }) => `${of} ${decision?.reason ?? ''}`)).toEqual(
      wrong.map(() => 'request.refused cursor_invalid'),
    );
  });
});

describe('a cursor', () => {
  it('of another list is refused', async () => {
    type = json;
    const { nextCursor } = pageOf(await send(url, modern(alice, 'tools/list')));
    expect((await send(url, modern(alice, 'prompts/list', { cursor: nextCursor }))).status).toBe(400);
  });

  it('is left alone where it is no cursor: in the arguments of a tool', async () => {
    asked = [];
    await send(url, modern(alice, 'tools/call', { name: 'whoami', arguments: {}, cursor: 'mine' }));
    expect(asked.map(({ cursor }) => cursor)).toEqual(['mine']);
  });
});
