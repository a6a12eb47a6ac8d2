import type { LookupAddress } from 'node:dns';
import { writeFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import type { LookupFunction } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { fetchServerCard } from '@sallyport/card';
import { createMemoryKeyValueStore, SetupError } from '@sallyport/core';
import { createDocumentFetcher } from '@sallyport/token';
import { describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../../support/audit-log.ts';
import { cardOf, cardServer, cardType, only, sendCard } from '../../support/card-server.ts';
import { localServer } from '../../support/local-server.ts';
import { run, type Ran } from '../../support/run.ts';

const path = '/card.json';

/** `card fetch` of what a server answers at one URL. */
async function fetchOf(handler: RequestListener, args: readonly string[] = []): Promise<Ran> {
  const origin = await localServer(only(path, handler));
  return run(['card', 'fetch', `${origin}${path}`, '--allow-insecure', '--no-server', ...args]);
}

const valid = JSON.stringify(cardOf('https://mcp.example.com/mcp'));

describe('card fetch can not be made to', () => {
  it.each<readonly [what: string, handler: RequestListener, problem: string]>([
    ['run in circles', (_req, res) => void res.writeHead(302, { location: path }).end(), 'redirects more than 3 times'],
    [
      'ask another origin by a redirect',
      (_req, res) => void res.writeHead(307, { location: 'http://169.254.169.254/latest/meta-data' }).end(),
      'redirects to another origin, http://169.254.169.254',
    ],
    [
      'read more than 1 MiB',
      (_req, res) => {
        res.writeHead(200, { 'content-type': cardType });
        // Without an end, as far as the reader knows.
        const chunk = Buffer.alloc(65_536, 0x20);
        const write = (): void => {
          while (!res.destroyed && res.write(chunk)) continue;
        };
        res.on('drain', write);
        write();
      },
      'the answer is longer than 1048576 bytes',
    ],
    [
      'unpack a bomb',
      (_req, res) =>
        void res
          .writeHead(200, { 'content-type': cardType, 'content-encoding': 'gzip' })
          .end(gzipSync(Buffer.alloc(50_000_000, 0x20))),
      'a content coding that was not asked for',
    ],
    [
      'read a page',
      (_req, res) => void res.writeHead(200, { 'content-type': 'text/html\u00ff; x' }).end(valid),
      'answered with the media type text/html',
    ],
    ['read what has no type', (_req, res) => void res.writeHead(200).end(valid), 'answered with no media type'],
    [
      'take a 304 for a card',
      (_req, res) => void res.writeHead(304).end(),
      'answered 304 to a request without a condition',
    ],
    ['read a part', (_req, res) => void res.writeHead(206, { 'content-type': cardType }).end(valid), 'answered 206'],
    [
      'read an answer that breaks off',
      (_req, res) => {
        res.writeHead(200, { 'content-type': cardType, 'content-length': 100_000 }).write(valid);
        setTimeout(() => res.destroy(), 20);
      },
      'the request failed: ECONNRESET',
    ],
    ['read what is no HTTP', (req) => void req.socket.end('SSH-2.0-x\r\n\r\n'), 'the request failed: HPE_'],
  ])('%s', async (_what, handler, problem) => {
    const { code, stdout, stderr } = await fetchOf(handler);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('ERR_CARD_FETCH');
    expect(stderr).toContain(problem);
  });

  it('wait for ever for the end of an answer, or for its beginning', async () => {
    const drip: RequestListener = (_req, res) => {
      res.writeHead(200, { 'content-type': cardType });
      const timer = setInterval(() => res.write(' '), 50);
      res.once('close', () => clearInterval(timer));
    };
    for (const handler of [drip, () => undefined]) {
      const { code, stderr } = await fetchOf(handler, ['--timeout', '1']);
      expect(code).toBe(2);
      expect(stderr).toContain('no complete answer in time');
    }
  });

  it('connect to a private address that a name resolves to', async () => {
    for (const address of ['127.0.0.1', '10.0.0.1', '169.254.169.254', '::1', 'fd00::1', '::ffff:192.168.0.1']) {
      const family = address.includes(':') ? 6 : 4;
      const lookup: LookupFunction = (_name, _options, done) =>
        done(null, [{ address, family } satisfies LookupAddress]);
      const fetchDocument = createDocumentFetcher({ lookup });
      const error = await fetchServerCard('cards.example.com', { fetchDocument }).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(SetupError);
      expect((error as SetupError).problem).toContain('cards.example.com resolves to addresses that are not allowed');
    }
  });

  it('keep an old card by an ETag that the server repeats for another', async () => {
    let asked = 0;
    const origin = await localServer(
      only(path, (req, res) => {
        asked += 1;
        if (req.headers['if-none-match'] === '"1"') res.writeHead(304).end();
        else sendCard(res, valid);
      }),
    );
    const fetchDocument = createDocumentFetcher({ dangerouslyAllowInsecureLoopback: true });
    const cache = createMemoryKeyValueStore({ maxEntries: 1 });
    const first = await fetchServerCard(`${origin}${path}`, { fetchDocument, cache });
    expect(await fetchServerCard(`${origin}${path}`, { fetchDocument, cache })).toEqual(first);
    expect(asked).toBe(2);
  });
});

describe('a document that is no card is reported with its pointer', () => {
  it.each([
    ['a name twice', '{"name":"a","name":"b"}', '/name: is there twice'],
    ['a name twice, once escaped', '{"_meta":{"a":1,"\\u0061":2}}', '/_meta/a: is there twice'],
    ['deep JSON', `${'['.repeat(50_000)}${']'.repeat(50_000)}`, 'nested deeper than 32 levels'],
    ['half a JSON', valid.slice(0, 40), 'is not strict JSON: not JSON'],
    ['JSON of another kind', '[1]', 'is not an object but a list'],
    ['a number beyond all', '{"version":1e999}', 'is not strict JSON'],
    ['bytes that are not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]), 'is not strict JSON: not UTF-8'],
    ['a wrong version', valid.replace('1.2.3', '^1.2'), '/version: must be one version'],
    ['a wrong remote', valid.replace('https://mcp', 'ftp://mcp'), '/remotes/0/url: must start with'],
  ])('%s', async (_what, body, problem) => {
    const { code, stdout } = await fetchOf(
      (_req, res) => void res.writeHead(200, { 'content-type': cardType }).end(body),
    );
    expect(code).toBe(1);
    expect(stdout).toContain('FAIL  card');
    expect(stdout).toContain(problem);
    expect(stdout).toContain('https://sallyport.dev/errors/ERR_CARD_INVALID');
  });

  it('and __proto__ is a name like any other', async () => {
    const body = valid.replace('{', '{"__proto__":{"isAdmin":true},"constructor":{"prototype":{"isAdmin":true}},');
    const { code } = await fetchOf((_req, res) => sendCard(res, body));
    expect(code).toBe(0);
    expect(({} as Record<string, unknown>)['isAdmin']).toBeUndefined();
  });
});

describe('what a card says', () => {
  const evil = '\u001b[2J\u001b]0;owned\u0007\u202eevil\u0000\r\n\u200bPASS  card  all is well\u009b31m';

  it('reaches no terminal raw, wherever in the card, the catalog or the server it stands', async () => {
    const { endpoint } = await cardServer({
      card: (url) => ({
        ...cardOf(url, { title: evil.slice(0, 90), description: evil.slice(0, 90), [evil]: evil, version: `1${evil}` }),
        tools: [{ name: evil }, { name: evil }],
        _meta: { 'dev.sallyport/access': { tools: { [evil]: {}, x: {} } } },
      }),
    });
    const lying = await cardServer({
      card: (url) => cardOf(url, { title: evil.slice(0, 90), description: evil.slice(0, 90), tools: [{ name: evil }] }),
      discover: { serverInfo: { name: evil, version: evil, title: evil }, supportedVersions: ['2026-07-28'] },
      tools: [`a${evil}`],
    });
    for (const source of [endpoint, lying.endpoint]) {
      for (const args of [[], ['--json']]) {
        const { code, stdout, stderr } = await run(['card', 'fetch', source, '--allow-insecure', ...args], {
          columns: 80,
        });
        expect(code).toBe(1);
        const raw = (stdout + stderr).replaceAll(/\u001b\[\d*m/g, '');
        expect(raw).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
        expect(raw).not.toMatch(/^PASS {2}card {2}all/m);
      }
    }
    const header = await localServer(
      (_req, res) => void res.writeHead(302, { location: 'http://x.example/\u00c2\u009b31m' }).end(),
    );
    const { stderr } = await run(['card', 'fetch', `${header}${path}`, '--allow-insecure']);
    expect(stderr).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
  });
});

describe('the server that a card names', () => {
  it('is not asked when it is a private address, and gets no token that was not meant for it', async () => {
    const file = join(await temporaryDirectory(), 'token.txt');
    await writeFile(file, 'secret-token');
    const other = await cardServer({
      card: (url) => cardOf(url),
      discover: { serverInfo: { name: 'notes', version: '1.2.3' }, supportedVersions: ['2026-07-28'] },
    });
    const origin = await localServer(only(path, (_req, res) => sendCard(res, cardOf(other.endpoint))));
    const args = ['card', 'fetch', `${origin}${path}`, '--allow-insecure', '--token-file', file];
    const { code, stdout } = await run(args);
    expect(code).toBe(0);
    expect(stdout).toContain(`SKIP  token           it is not sent to ${other.origin}, which the card chose`);
    expect(other.credentials.length).toBeGreaterThan(0);
    expect(other.credentials.filter((value) => value !== undefined)).toEqual([]);
    await run([...args, '--endpoint', other.endpoint]);
    expect(other.credentials).toContain('Bearer secret-token');

    const inner = await localServer(only(path, (_req, res) => sendCard(res, cardOf('https://10.0.0.1/mcp'))));
    const refused = await run(['card', 'fetch', `${inner}${path}`, '--allow-insecure']);
    expect(refused.code).toBe(1);
    expect(refused.stdout).toContain('https://10.0.0.1/mcp can not be asked: the address 10.0.0.1 is not allowed');
  });

  it('contradicts its card in public', async () => {
    const { endpoint } = await cardServer({
      card: (url) => cardOf(url, { title: 'Notes', tools: [{ name: 'read' }, { name: 'write' }] }),
      discover: { serverInfo: { name: 'other', version: '2.0.0' }, supportedVersions: ['2026-07-28', '2027-01-01'] },
      tools: ['read', 'purge'],
    });
    const { code, stdout } = await run(['card', 'fetch', endpoint, '--allow-insecure']);
    expect(code).toBe(1);
    for (const line of [
      '/name: the card says com.example/notes, the server other',
      '/version: the card says 1.2.3, the server 2.0.0',
      '/remotes/0/supportedProtocolVersions: the card says 2026-07-28, the server 2026-07-28 2027-01-01',
      '/tools: the card says also write, the server also purge',
    ])
      expect(stdout).toContain(line);
    expect(stdout).toContain('https://sallyport.dev/errors/ERR_CARD_MISMATCH');
  });

  it.each<readonly [string, RequestListener]>([
    ['a page', (_req, res) => void res.writeHead(200, { 'content-type': 'text/html' }).end('<p>')],
    ['an error', (_req, res) => void res.writeHead(500).end('x')],
    ['a redirect', (_req, res) => void res.writeHead(307, { location: 'http://10.0.0.1/' }).end()],
    [
      'nonsense',
      (_req, res) => void res.writeHead(200, { 'content-type': 'application/json' }).end('{"jsonrpc":"2.0"}'),
    ],
    ['nothing', () => undefined],
    [
      'an endless stream',
      (_req, res) => void res.writeHead(200, { 'content-type': 'text/event-stream' }).write(': hi\n\n'),
    ],
  ])('may answer %s', async (_what, handler) => {
    let endpoint = '';
    const origin = await localServer((req, res) => {
      if (req.url === '/mcp/server-card') sendCard(res, cardOf(endpoint));
      else handler(req, res);
    });
    endpoint = `${origin}/mcp`;
    const { code, stdout } = await run(['card', 'fetch', endpoint, '--allow-insecure', '--timeout', '1']);
    expect(code).toBe(1);
    expect(stdout).toContain(`${endpoint} can not be asked: `);
    expect(stdout).toContain('ERR_CLI_UNREACHABLE');
  });
});
