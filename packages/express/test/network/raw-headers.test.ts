import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { fieldLines, removeHeaders } from '../../src/network/raw-headers.ts';
import { openServer } from '../support/open-server.ts';
import { send } from '../support/http.ts';
import { fakeRequest } from '../support/fake-request.ts';

describe('fieldLines', () => {
  it('gives every line of a header, in order and in any case', () => {
    const req = fakeRequest([
      ['X-One', 'a'],
      ['x-other', 'b'],
      ['x-ONE', 'c'],
    ]);
    expect(fieldLines(req, 'x-one')).toEqual(['a', 'c']);
    expect(fieldLines(req, 'x-none')).toEqual([]);
  });
});

const lookedAt: readonly [string, (req: IncomingMessage) => unknown][] = [
  ['nothing', () => undefined],
  ['headers', (req) => req.headers],
  ['headersDistinct', (req) => req.headersDistinct],
];

describe('removeHeaders', () => {
  it.each(lookedAt)('leaves no trace in any list when %s was looked at before', async (_name, look) => {
    let seen: unknown;
    const { url, close } = await openServer((req, res) => {
      look(req);
      removeHeaders(req, new Set(['authorization', 'dpop']));
      seen = { raw: req.rawHeaders, headers: req.headers, distinct: req.headersDistinct };
      res.end();
    });
    const headers = { Authorization: 'Bearer secret', 'X-A': '1', DPoP: ['secret', 'secret'], 'x-b': ['2', '3'] };
    await send(url, { method: 'GET', headers });
    await close();
    expect(JSON.stringify(seen).toLowerCase()).not.toMatch(/secret|authorization|dpop/);
    expect(seen).toMatchObject({
      headers: { 'x-a': '1', 'x-b': '2, 3' },
      distinct: { 'x-a': ['1'], 'x-b': ['2', '3'] },
    });
  });
});
