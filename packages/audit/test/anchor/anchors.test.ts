import { once } from 'node:events';
import { appendFile, readFile, stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createFileAnchor, readAnchoredNotes } from '../../src/anchor/file-anchor.ts';
import { createHttpAnchor } from '../../src/anchor/http-anchor.ts';
import { openAuditLog, openNote, parseCheckpoint, parseVerifierKey } from '../../src/index.ts';
import { deny } from '../support/entries.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const { signal } = new AbortController();

describe('a file as an anchor', () => {
  test('holds every checkpoint it took, oldest first, for its owner alone', async () => {
    const path = join(await temporaryDirectory(), 'held.jsonl');
    const anchor = createFileAnchor({ path });
    await anchor.publish('note 1\n', signal);
    await anchor.publish('note 2\n', signal);
    expect(readAnchoredNotes(await readFile(path, 'utf8'))).toEqual(['note 1\n', 'note 2\n']);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  test('goes on behind a line that a crash left unfinished', async () => {
    const path = join(await temporaryDirectory(), 'held.jsonl');
    const anchor = createFileAnchor({ path });
    await anchor.publish('note 1\n', signal);
    await appendFile(path, '{"v":1,"no');
    await anchor.publish('note 2\n', signal);
    expect(readAnchoredNotes(await readFile(path, 'utf8'))).toEqual(['note 1\n', 'note 2\n']);
  });

  test('on a mount that is gone fails, and makes no folder in its place', async () => {
    const directory = join(await temporaryDirectory(), 'mount');
    const anchor = createFileAnchor({ path: join(directory, 'held.jsonl') });
    await expect(anchor.publish('note', signal)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('has the last checkpoint of a log that was closed, and it fits', async () => {
    const directory = await temporaryDirectory();
    const path = join(await temporaryDirectory(), 'held.jsonl');
    const log = await openAuditLog({ directory, stream: 'pod-a', anchors: [{ type: 'file', path }] });
    await log.append(deny());
    await log.close();
    const vkey = await readFile(join(directory, 'signing-pod-a.pub'), 'utf8');
    const last = readAnchoredNotes(await readFile(path, 'utf8')).at(-1) ?? '';
    const { text } = openNote(last, [parseVerifierKey(vkey)]);
    expect(parseCheckpoint(text)).toMatchObject({ origin: 'localhost/pod-a', size: 3 });
  });
});

interface Asked {
  readonly method: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

async function endpoint(
  answer: (res: ServerResponse) => void,
): Promise<{ url: string; asked: Asked[]; server: Server }> {
  const asked: Asked[] = [];
  const server = createServer((req, res) => {
    let body = '';
    req.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    req.on('end', () => {
      asked.push({ method: req.method, headers: req.headers, body });
      answer(res);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/checkpoints?key=secret`, asked, server };
}

describe('an HTTP endpoint as an anchor', () => {
  test('gets the signed note as text, with the headers that are configured', async () => {
    const { url, asked } = await endpoint((res) => res.writeHead(204).end());
    const anchor = createHttpAnchor({ url, headers: { authorization: 'Bearer write-only' } });
    expect(anchor.name).not.toContain('secret');
    const note = 'log.example\n1\nroot\n\n\u2014 name sig\n';
    await anchor.publish(note, signal);
    expect(asked).toMatchObject([
      {
        method: 'POST',
        body: note,
        headers: { 'content-type': 'text/plain; charset=utf-8', authorization: 'Bearer write-only' },
      },
    ]);
  });

  test.each([500, 429, 404, 301, 302, 307])(
    'that answers %i has not taken it; redirects are not followed',
    async (status) => {
      const { url, asked } = await endpoint((res) => res.writeHead(status, { location: '/elsewhere' }).end('no'));
      await expect(createHttpAnchor({ url }).publish('note', signal)).rejects.toThrow(String(status));
      expect(asked).toHaveLength(1);
    },
  );

  test('that is not there, or never answers, has not taken it', async () => {
    const { url, server } = await endpoint(() => undefined);
    const stop = new AbortController();
    const waiting = createHttpAnchor({ url }).publish('note', stop.signal);
    stop.abort();
    await expect(waiting).rejects.toThrow();
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
    await expect(createHttpAnchor({ url }).publish('note', signal)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  test.each(['http://example.com/', 'ftp://example.com/', 'https://user:word@example.com/', 'no address'])(
    'can not be %s',
    (url) => {
      expect(() => createHttpAnchor({ url })).toThrow(expect.objectContaining({ code: 'ERR_CONFIG_INVALID' }));
    },
  );
});

test('a log says in its status that an anchor is behind, and goes on', async () => {
  const directory = await temporaryDirectory();
  const publish = (): Promise<void> => Promise.reject(new Error('down'));
  const log = await openAuditLog({ directory, stream: 'pod-a', anchors: [{ name: 'elsewhere', publish }] });
  onTestFinished(() => log.close());
  await log.append(deny());
  const problem = expect.stringMatching(/^the anchor elsewhere has not taken a checkpoint for \d+ s$/);
  await vi.waitFor(() => expect(log.status()).toMatchObject({ writable: true, problem }), 5000);
});
