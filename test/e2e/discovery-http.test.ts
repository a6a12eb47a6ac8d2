import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { openGuard, type Guard } from './support/guard.ts';
import { send, type Answer, type HeaderValue } from './support/mcp-request.ts';
import { startTarget } from './support/target.ts';
import { verifies } from './support/verifies.ts';

let guard: Guard;
let identity: Guard;
beforeAll(async () => {
  guard = await openGuard();
  identity = await openGuard({ config: { publish: 'identity', resource: 'https://mcp.example.com/mcp' } });
});
afterAll(async () => {
  await Promise.all([guard.close(), identity.close()]);
});

const card = 'application/mcp-server-card+json';
const json = 'application/json';
const cards = ['/mcp/server-card', '/.well-known/mcp/server-card.json'];
const catalogs = ['/.well-known/ai-catalog.json', '/.well-known/api-catalog'];
const metadata = ['/.well-known/oauth-protected-resource/mcp', '/.well-known/oauth-protected-resource'];
const all = [...cards, ...catalogs, ...metadata];

type Fields = Record<string, HeaderValue>;

function get(path: string, headers: Fields = {}, method = 'GET', from: Guard = guard): Promise<Answer> {
  return send(`${from.target.origin}${path}`, { method, headers });
}

describe('a discovery document', () => {
  for (const path of all) {
    verifies(
      ['DISCOVERY-CORS', 'DISCOVERY-NO-SNIFFING'],
      `is open to scripts of every origin: ${path} (J-11, J-14)`,
      async () => {
        for (const [method, headers] of [
          ['GET', {}],
          ['HEAD', {}],
          ['GET', { 'if-none-match': '*' }],
          ['GET', { accept: 'text/x-none' }],
          ['POST', {}],
          ['OPTIONS', { 'access-control-request-method': 'GET', 'access-control-request-headers': 'if-none-match' }],
        ] as const) {
          const answer = await get(path, { origin: 'https://evil.example', cookie: 'a=b', ...headers }, method);
          expect(answer.headers).toMatchObject({
            'access-control-allow-origin': '*',
            'access-control-allow-methods': 'GET, HEAD',
            'access-control-expose-headers': expect.stringContaining('ETag') as string,
            'access-control-allow-headers': expect.stringContaining('If-None-Match') as string,
            'x-content-type-options': 'nosniff',
          });
          expect(answer.headers).not.toHaveProperty('access-control-allow-credentials');
          expect(answer.headers).not.toHaveProperty('set-cookie');
        }
      },
    );

    verifies('DISCOVERY-METHODS', `is read and nothing else: ${path}`, async () => {
      for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'PROPFIND', 'QUERY']) {
        const answer = await get(path, { authorization: `Bearer ${guard.good}` }, method);
        expect([method, answer.status, answer.headers['allow'], answer.text]).toEqual([
          method,
          405,
          'GET, HEAD, OPTIONS',
          '',
        ]);
      }
      const upload = await send(`${guard.target.origin}${path}`, { method: 'POST', body: Buffer.alloc(300_000) });
      expect(upload).toMatchObject({ status: 405, headers: { connection: 'close' } });
    });

    verifies('DISCOVERY-NOT-MODIFIED', `is 304 with the same fields and without a body: ${path}`, async () => {
      const whole = await get(path);
      const same = await get(path, { 'if-none-match': String(whole.headers.etag) });
      expect(same).toMatchObject({ status: 304, text: '' });
      for (const name of [
        'etag',
        'cache-control',
        'vary',
        'link',
        'access-control-allow-origin',
        'access-control-expose-headers',
      ])
        expect([name, same.headers[name]]).toEqual([name, whole.headers[name]]);
      for (const name of ['content-type', 'content-length', 'transfer-encoding'])
        expect(same.headers).not.toHaveProperty(name);
      const [age] = /(?<=max-age=)\d+/.exec(String(whole.headers['cache-control'])) ?? [];
      expect(Number(age)).toBeGreaterThan(0);
      expect(Number(age)).toBeLessThanOrEqual(3600);
    });

    verifies('DISCOVERY-HOST', `holds nothing of the request: ${path} (A-35)`, async () => {
      const plain = await get(path);
      const lies: Fields = {
        host: 'evil.example',
        forwarded: 'host=evil.example;proto=https',
        'x-forwarded-host': 'evil.example',
        'x-forwarded-proto': 'https',
        'x-forwarded-prefix': '/evil',
        'x-original-url': '/evil',
        origin: 'https://evil.example',
      };
      for (const target of [path, `${path}?host=evil`, `http://evil.example${path}`]) {
        const answer = await send(`${guard.target.origin}${path}`, { method: 'GET', headers: lies, target });
        expect(answer.status).toBe(200);
        expect(answer.text).toBe(plain.text);
        expect(JSON.stringify(answer.headers)).not.toContain('evil');
      }
    });
  }

  for (const [paths, own] of [
    [cards, card],
    [[catalogs[0] ?? ''], 'application/ai-catalog+json'],
    [[catalogs[1] ?? ''], 'application/linkset+json'],
  ] as const) {
    for (const path of paths) {
      verifies('DISCOVERY-NEGOTIATION', `is sent as what Accept wants: ${path}`, async () => {
        const rows: readonly (readonly [accept: string | undefined, status: number, type?: string])[] = [
          [undefined, 200, own],
          ['*/*', 200, own],
          ['application/*', 200, own],
          [own, 200, own],
          [json, 200, json],
          [`${json};q=0.4, ${own};q=0.5`, 200, own],
          [`${json}, ${own};q=0.5`, 200, json],
          [`${own};q=0, */*;q=0.1`, 200, json],
          ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 200, own],
          ['text/html', 406],
          ['*/*;q=0', 406],
          ['nonsense', 200, own],
        ];
        const plain = await get(path);
        for (const [accept, status, type] of rows) {
          const answer = await get(path, { accept });
          expect([accept, answer.status, answer.headers['vary']]).toEqual([accept, status, 'Accept']);
          if (type === undefined) {
            expect(answer.headers['cache-control']).toBe('no-store');
            expect(answer.text.split('\n')).toEqual([own, json, '']);
          } else {
            expect(answer.headers['content-type']?.split(';')[0]).toBe(type);
            expect([answer.text, answer.headers.etag]).toEqual([plain.text, plain.headers.etag]);
          }
        }
      });
    }
  }

  verifies(
    'DISCOVERY-NEGOTIATION',
    'about the resource is JSON for everybody: who can not read it can not sign in',
    async () => {
      for (const path of metadata) {
        const answer = await get(path, { accept: 'text/html' });
        expect(answer).toMatchObject({ status: 200, headers: { 'content-type': json } });
        expect(answer.headers).not.toHaveProperty('vary');
      }
    },
  );

  verifies('DISCOVERY-LINK', 'about APIs says with HEAD and GET which catalog it is and what is in it', async () => {
    for (const method of ['HEAD', 'GET']) {
      const { headers } = await get('/.well-known/api-catalog', {}, method, identity);
      expect(headers['link']).toBe(
        '<https://mcp.example.com/.well-known/api-catalog>; rel="api-catalog", <https://mcp.example.com/mcp>; rel="item"',
      );
      expect(headers['content-type']).toBe(
        'application/linkset+json; profile="https://www.rfc-editor.org/info/rfc9727"',
      );
    }
  });

  verifies(
    ['DISCOVERY-METHODS', 'DISCOVERY-NEGOTIATION', 'DISCOVERY-NOT-MODIFIED'],
    'answers any fields with 200, 304 or 406, and never an error',
    async () => {
      const part = fc.constantFrom(
        '*',
        '"',
        'W/',
        ',',
        ';',
        'q=',
        '0',
        '1.5',
        '/',
        'application',
        'json',
        ' ',
        '\t',
        '%',
        'é',
      );
      const field = fc
        .array(part, { maxLength: 30 })
        .map((parts) => Buffer.from(parts.join('')).toString('latin1').trim());
      await fc.assert(
        fc.asyncProperty(fc.constantFrom(...all), field, field, field, async (path, accept, tag, range) => {
          const answer = await get(path, { accept, 'if-none-match': tag, range, 'if-modified-since': tag });
          expect([200, 304, 406]).toContain(answer.status);
        }),
        { numRuns: 150 },
      );
      await guard.expectNextAnswered();
    },
  );
});

describe('the published card', () => {
  const schemaFile = fileURLToPath(new URL('../../../shared/data/server-card/schema.json', import.meta.url));
  const known = existsSync(schemaFile) ? '' : ' (NOT CHECKED here: ../shared/data/server-card is not there)';

  verifies('DISCOVERY-SCHEMA', `is valid against SEP-2127 in both modes${known}`, async () => {
    if (known !== '') return;
    const schema = JSON.parse(readFileSync(schemaFile, 'utf8')) as object;
    const validate = new Ajv2020({ strict: false, validateFormats: false }).compile({
      $ref: '#/$defs/ServerCard',
      ...schema,
    });
    for (const from of [guard, identity]) {
      for (const path of cards) expect(validate(JSON.parse((await get(path, {}, 'GET', from)).text))).toBe(true);
    }
  });
});

describe('two processes', () => {
  verifies(
    'DISCOVERY-SAME-BYTES',
    'of one configuration serve the same bytes and validators, also after a restart',
    async () => {
      const start = (): ReturnType<typeof startTarget> => startTarget({ issuer: guard.idp.issuer });
      const read = async (origin: string): Promise<unknown[]> =>
        Promise.all(
          all.map(async (path) => {
            const { status, text, headers } = await send(`${origin}${path}`, { method: 'GET' });
            const { date: _date, 'keep-alive': _keepAlive, ...rest } = headers;
            return [path, status, text, rest];
          }),
        );
      const [one, other] = await Promise.all([start(), start()]);
      try {
        const bytes = await read(one.origin);
        expect(await read(other.origin)).toEqual(bytes);
        await other.stop();
        const again = await startTarget({ issuer: guard.idp.issuer, folder: other.folder });
        try {
          expect(await read(again.origin)).toEqual(bytes);
        } finally {
          await again.stop();
        }
      } finally {
        await Promise.all([one.remove(), other.remove()]);
      }
    },
  );
});
