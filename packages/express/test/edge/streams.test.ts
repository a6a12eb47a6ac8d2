import type { ServerResponse } from 'node:http';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mount } from '../../src/index.ts';
import { openGuarded, type Guarded } from '../support/guarded.ts';
import { legacy, modern, send, type Answer, type SendOptions } from '../support/http.ts';

let guarded: Guarded;
let url: string;
let token: string;
/** What the handler behind the guard writes, chunk by chunk. */
let chunks: readonly Uint8Array[] = [];
let contentType = 'text/event-stream';

beforeAll(async () => {
  guarded = await openGuarded({ config: { legacy: 'handler' } });
  token = await guarded.token(['notes:read']);
  url = await guarded.serveHandler(
    mount((_req, res: ServerResponse) => {
      res.writeHead(200, { 'content-type': contentType });
      for (const chunk of chunks) res.write(chunk);
      res.end();
    }),
  );
});
afterAll(() => guarded.close());

const lists = {
  tools: [
    { name: 'read-note', description: 'é €😀' },
    { name: 'purge-notes' },
    { name: 'unlisted' },
    { name: 'whoami' },
  ],
  resources: [{ uri: 'note:///1' }, { uri: 'file:///etc/passwd' }],
  resourceTemplates: [{ uriTemplate: 'note:///{id}' }, { uriTemplate: 'file:///{path}' }],
  prompts: [{ name: 'summarize' }, { name: 'unlisted' }],
};
const seen = {
  tools: [lists.tools[0], lists.tools[3]],
  resources: [lists.resources[0]],
  resourceTemplates: [lists.resourceTemplates[0]],
  prompts: [lists.prompts[0]],
};
const hidden = ['purge-notes', 'unlisted', 'file:///'];
const message = (result: object, id = 1): object => ({ jsonrpc: '2.0', id, result });

/** Every way to ask for something. None of them asks for a list. */
const asking: readonly [string, () => SendOptions][] = [
  ['a modern call', () => modern(token, 'tools/call', { name: 'whoami', arguments: {} })],
  ['a 2025-era call', () => legacy(token, 'tools/call', { name: 'whoami', arguments: {} })],
  ['a ping', () => legacy(token, 'ping')],
  ['GET', () => ({ method: 'GET', headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream' } })],
];

async function answerTo(request: SendOptions, text: string, cuts: readonly number[] = []): Promise<Answer> {
  const whole = Buffer.from(text, 'utf8');
  const ends = [...new Set(cuts.map((cut) => cut % (whole.length + 1)))].sort((a, b) => a - b);
  chunks = [...ends, whole.length].map((end, index) => whole.subarray(ends[index - 1] ?? 0, end));
  return send(url, request);
}

/** The JSON of every event, read like a client does. */
function dataOf(text: string): unknown[] {
  return text
    .split('\n\n')
    .filter((event) => event.includes('data:'))
    .map((event) => {
      const data = event.split('\n').filter((line) => line.startsWith('data:'));
      return JSON.parse(data.map((line) => line.slice(6)).join('\n')) as unknown;
    });
}

describe.each(asking)('%s', (_name, request) => {
  // @verifies EDGE-LISTS-SSE
  it('that is answered with lists shows only what its sender may use, in JSON', async () => {
    contentType = 'application/json';
    const answer = await answerTo(request(), JSON.stringify(message(lists)));
    expect(JSON.parse(answer.text)).toEqual(message(seen));
  });

  it('that is answered with a batch of lists shows only what its sender may use', async () => {
    contentType = 'application/json';
    const answer = await answerTo(request(), JSON.stringify([message(lists), message({ tools: lists.tools }, 2)]));
    expect(JSON.parse(answer.text)).toEqual([message(seen), message({ tools: seen.tools }, 2)]);
  });

  // @verifies EDGE-LISTS-SSE
  it('that is answered with a stream of lists shows only what its sender may use, wherever the stream is cut', async () => {
    contentType = 'text/event-stream';
    const lines = (end: string): string =>
      [
        ': a comment',
        '',
        'id: 7',
        'event: message',
        `data: ${JSON.stringify(message(lists, 77))}`,
        '',
        'data: {"jsonrpc":"2.0",',
        'data: "id":78,"result":',
        `data:   ${JSON.stringify({ tools: lists.tools })}}`,
        '',
        `data: ${JSON.stringify([message({ prompts: lists.prompts }, 79)])}`,
        '',
        'retry: 5',
        'data:',
        '',
        `data: ${JSON.stringify(message(lists))}`,
        '',
        '',
      ].join(end);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.array(fc.nat(), { maxLength: 40 }),
        async (end, cuts) => {
          const { status, text } = await answerTo(request(), lines(end), cuts);
          expect(status).toBe(200);
          for (const name of hidden) expect(text).not.toContain(name);
          const [first, second, third, fourth] = dataOf(text.replace('data:\n', ''));
          expect(first).toEqual(message(seen, 77));
          expect(second).toEqual(message({ tools: seen.tools }, 78));
          expect(third).toEqual([message({ prompts: seen.prompts }, 79)]);
          expect(fourth).toEqual(message(seen));
          expect(text).toContain(': a comment\n\nid: 7\nevent: message\n');
          expect(text).toContain('retry: 5\ndata:\n\n');
        },
      ),
      { numRuns: 25 },
    );
  });
});

describe('what a stream says besides', () => {
  it('passes as it is', async () => {
    contentType = 'text/event-stream';
    const text =
      'id: 1\ndata: \n\n: a comment\n\ndata:{"method":"notifications/x","params":{"tools":[{"name":"purge-notes"}]}}\n\n';
    const answer = await answerTo(asking[0]?.[1]() as SendOptions, text);
    expect(answer.text).toBe(text);
    expect(answer.headers).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-store, no-transform',
    });
  });

  it('is counted: the messages before the answer, and the bytes that were sent', async () => {
    contentType = 'text/event-stream';
    const notes = 'data: {"method":"n"}\n\n'.repeat(3);
    const before = guarded.records.length;
    const answer = await answerTo(asking[0]?.[1]() as SendOptions, `${notes}data: ${JSON.stringify(message({}))}\n\n`);
    const outcome = guarded.records.slice(before).find(({ type }) => type === 'mcp.outcome')?.outcome;
    expect(outcome).toMatchObject({ status: 'ok', httpStatus: 200, messages: 3, bytes: answer.bytes.length });
  });
});

describe('GET', () => {
  it('leaves the opening and the end of its stream in the log', async () => {
    contentType = 'text/event-stream';
    const before = guarded.records.length;
    await answerTo(asking[3]?.[1]() as SendOptions, 'data: {}\n\n');
    await new Promise((resolve) => setImmediate(resolve));
    const left = guarded.records.slice(before);
    expect(left.map(({ type }) => type)).toEqual(['mcp.decision', 'stream.opened', 'mcp.outcome', 'stream.closed']);
    expect(new Set(left.map(({ call }) => call)).size).toBe(1);
    expect(left[3]?.detail).toEqual({ reason: 'ended' });
  });
});
