import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mount } from '../../src/index.ts';
import { event, json, ok, result, sse } from '../support/call-handler.ts';
import { openGuarded, type Guarded } from '../support/guarded.ts';
import { modern, send, type Answer } from '../support/http.ts';

let guarded: Guarded;
let url: string;
let answer: readonly [headers: Record<string, string>, text: string];

beforeAll(async () => {
  guarded = await openGuarded();
  url = await guarded.serveHandler(mount((_req, res: ServerResponse) => res.writeHead(200, answer[0]).end(answer[1])));
});
afterAll(() => guarded.close());

async function answerWith(headers: Record<string, string>, text: string): Promise<Answer> {
  answer = [headers, text];
  return send(url, modern(await guarded.token([]), 'tools/call', { name: 'whoami', arguments: {} }));
}

const list = '{"tools":[{"name":"purge-notes"}]}';
const update = '{"jsonrpc":"2.0","method":"notifications/resources/updated","params":{"uri":"file:///purge-notes"}}';
const [head, deep] = ['{"jsonrpc":"2.0","id":1', 100_000];

/** Whoever reads the first of two members, or looks into a batch of batches, sees another message than the one that was checked. */
const unclear: readonly (readonly [string, string])[] = [
  ['a result that stands there twice', `${head},"result":${list},"result":{"content":[]}}`],
  ['a result that stands there twice, once escaped', `${head},"result":${list},"r\\u0065sult":{"content":[]}}`],
  ['a list that stands there twice', `${head},"result":{"tools":[{"name":"purge-notes"}],"tools":[]}}`],
  ['a list next to a number out of range', `${head},"x":1e999,"result":${list},"result":{"content":[]}}`],
  ['a list in a batch within a batch', `[[${head},"result":${list}}]]`],
  ['an update in a batch within a batch', `[[${update}],${ok}]`],
  ['nothing but updates in batches within batches', `[[[${update}]],[${update}]]`],
  ['an update within more batches than anybody counts', `${'['.repeat(deep)}${update}${']'.repeat(deep)}`],
];

describe.each(unclear)('%s', (_name, text) => {
  // @verifies EDGE-LISTS-SSE
  it('is sent in no other form than the one that was checked', async () => {
    expect((await answerWith(json, text)).text).not.toContain('purge-notes');
    expect((await answerWith({}, text)).text).not.toContain('purge-notes');
    expect((await answerWith(sse, event(text) + event(ok))).text).not.toContain('purge-notes');
  });
});

describe('an event whose data is no JSON-RPC message', () => {
  const unreadable = ['purge-notes', `${ok}${ok}`, `{"jsonrpc":"2.0","id":1,"result":${list}`, '"purge-notes"', 'null'];

  // @verifies EDGE-LISTS-SSE
  it('is withheld with its id, and the rest of the stream is not', async () => {
    const text = unreadable.map((data, index) => `id: ${index}\n${event(data)}`).join('');
    expect((await answerWith(sse, `: hello\n\n${text}${event(ok)}`)).text).toBe(`: hello\n\n${event(ok)}`);
  });

  it('is logged once for its stream', async () => {
    const said = (): number => guarded.logged.filter(({ msg }) => msg.includes('is no JSON-RPC message')).length;
    const before = said();
    await answerWith(sse, `${unreadable.map(event).join('')}${event(ok)}`);
    expect(said() - before).toBe(1);
    await answerWith(sse, event(ok));
    expect(said() - before).toBe(1);
  });
});

describe('an answer that can be read in one way', () => {
  it('is sent byte for byte as its handler wrote it', async () => {
    const text = ` {"jsonrpc":"2.0", "id":1 ,"result":{"n":12345678901234567890,"z":-0,"__proto__":{"é":"\\u00e9"}}}\n`;
    expect((await answerWith(json, text)).text).toBe(text);
    expect((await answerWith(sse, `data:${text}\n`)).text).toBe(`data:${text}\n`);
  });

  it('may be nested deeper and hold more than a request may', async () => {
    const large = result({ deep: JSON.parse(`${'['.repeat(500)}${']'.repeat(500)}`), many: Array(200_000).fill(0) });
    expect((await answerWith(json, large)).text).toBe(large);
  });

  it('is plain text when it is not JSON and does not say that it is', async () => {
    expect((await answerWith({ 'content-type': 'text/plain' }, 'Not here')).text).toBe('Not here');
  });
});
