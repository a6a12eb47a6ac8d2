import { afterAll, beforeAll, describe, expect } from 'vitest';
import { openGuard, type Guard } from './support/guard.ts';
import { send, type Answer } from './support/mcp-request.ts';
import { resource } from './support/target.ts';
import { verifies } from './support/verifies.ts';

let guard: Guard;
let identity: Guard;
beforeAll(async () => {
  guard = await openGuard({ config: { signInScopes: ['notes:read', 'echo:call'] } });
  identity = await openGuard({
    config: { publish: 'identity', resource: 'https://mcp.example.com/mcp' },
  });
});
afterAll(async () => {
  await Promise.all([guard.close(), identity.close()]);
});

const origin = new URL(resource).origin;
const cardPaths = ['/mcp/server-card', '/.well-known/mcp/server-card.json'];
const metadataPaths = ['/.well-known/oauth-protected-resource/mcp', '/.well-known/oauth-protected-resource'];
const catalogs = ['/.well-known/ai-catalog.json', '/.well-known/api-catalog'];
const all = [...cardPaths, ...metadataPaths, ...catalogs];

type Fields = Record<string, string>;

function get(path: string, headers: Fields = {}, from: Guard = guard, method = 'GET'): Promise<Answer> {
  return send(`${from.target.origin}${path}`, { method, headers });
}

async function read(path: string, headers?: Fields, from?: Guard): Promise<Record<string, unknown>> {
  const answer = await get(path, headers, from);
  expect(answer.status).toBe(200);
  return JSON.parse(answer.text) as Record<string, unknown>;
}

describe('the protected resource metadata', () => {
  for (const path of metadataPaths) {
    verifies('DISCOVERY-RESOURCE-METADATA', `is at ${path}, equal to the config (A-34)`, async () => {
      const answer = await get(path);
      expect(answer.headers['content-type']).toBe('application/json');
      expect(await read(path)).toEqual({
        resource,
        authorization_servers: [guard.idp.issuer],
        bearer_methods_supported: ['header'],
        scopes_supported: ['notes:read', 'echo:call'],
        resource_name: 'Sallyport target',
      });
    });

    verifies('DISCOVERY-RESOURCE-METADATA', `at ${path} does not depend on a request's host (A-35)`, async () => {
      const lies = { host: 'evil.example', 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'http' };
      expect(await read(path, { ...lies, forwarded: 'host=evil.example' })).toEqual(await read(path));
    });
  }

  verifies(
    ['DISCOVERY-RESOURCE-METADATA', 'WALK-01-HOST'],
    'of a public resource has its name, which is then the only host (J-10)',
    async () => {
      const publicResource = 'https://mcp.example.com/mcp';
      for (const path of metadataPaths)
        expect(await read(path, {}, identity)).toMatchObject({ resource: publicResource });
      for (const host of ['127.0.0.1', 'localhost', 'evil.example', 'example.com']) {
        expect((await identity.send({ headers: { host } })).answer.status).toBe(403);
      }
      const { answer } = await identity.send({ token: null, headers: { host: 'MCP.example.com:8443' } });
      expect(answer.status).toBe(401);
      expect(answer.headers['www-authenticate']).toContain(
        '"https://mcp.example.com/.well-known/oauth-protected-resource/mcp"',
      );
    },
  );

  verifies('DISCOVERY-RESOURCE-METADATA', 'of another resource is not there', async () => {
    for (const path of ['/other', '/mcp/', '/MCP']) expect((await get(`${metadataPaths[1]}${path}`)).status).toBe(404);
  });
});

function keysOf(document: unknown): string[] {
  if (Array.isArray(document)) return document.flatMap(keysOf);
  if (typeof document !== 'object' || document === null) return [];
  return Object.entries(document).flatMap(([key, value]) => [key, ...keysOf(value)]);
}

describe('the Server Card', () => {
  verifies('DISCOVERY-CARD', 'is the same at both locations, with its media type', async () => {
    const [one, two] = await Promise.all(cardPaths.map((path) => get(path)));
    expect(one?.headers['content-type']).toBe('application/mcp-server-card+json');
    expect(two?.headers['content-type']).toBe('application/mcp-server-card+json');
    expect(two?.text).toBe(one?.text);
  });

  verifies('DISCOVERY-CARD', 'with publish "full" lists what is not hidden, and how to get there', async () => {
    const card = await read('/mcp/server-card');
    expect(card).toMatchObject({ name: 'dev.sallyport/target', version: '1.0.0' });
    const names = (card['tools'] as { name: string }[]).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['whoami', 'echo', 'read-note', 'write-note', 'transfer']));
    expect(JSON.stringify(card)).toContain(resource);
    for (const list of ['resources', 'prompts', 'scopes', 'transports']) expect(card).toHaveProperty(list);
  });

  for (const [publish, from] of [
    ['full', (): Guard => guard],
    ['identity', (): Guard => identity],
  ] as const) {
    verifies(
      'DISCOVERY-CARD',
      `with publish "${publish}" holds nothing hidden, undeclared or of the policy's inside`,
      async () => {
        const card = await read('/mcp/server-card', {}, from());
        for (const secret of ['purge-notes', 'notes:admin', 'unlisted', 'args.amount', '/pin'])
          expect(JSON.stringify(card)).not.toContain(secret);
        expect(keysOf(card)).not.toContain('when');
        expect(keysOf(card)).not.toContain('sensitive');
      },
    );
  }

  verifies('DISCOVERY-CARD', 'with publish "identity" says only what the server is', async () => {
    const card = await read('/mcp/server-card', {}, identity);
    expect(card).toMatchObject({ name: 'dev.sallyport/target', version: '1.0.0' });
    for (const list of ['tools', 'resources', 'prompts', 'scopes', 'transports']) expect(card).not.toHaveProperty(list);
    expect(JSON.stringify(card)).not.toMatch(/notes:|echo/);
  });
});

describe('the catalogs', () => {
  verifies('DISCOVERY-CATALOGS', 'of agents name one server and its card', async () => {
    const answer = await get('/.well-known/ai-catalog.json');
    expect(answer.headers['content-type']).toContain('json');
    expect(answer.text).toContain(`${origin}/mcp/server-card`);
  });

  verifies(
    'DISCOVERY-CATALOGS',
    'of APIs are a linkset from the endpoint to card and metadata (RFC 9727)',
    async () => {
      const answer = await get('/.well-known/api-catalog');
      expect(answer.headers['content-type']).toContain('application/linkset+json');
      expect(JSON.parse(answer.text)).toHaveProperty('linkset');
      expect(answer.text).toContain(resource);
      expect(answer.text).toContain(`${origin}/mcp/server-card`);
      expect(answer.text).toContain(`${origin}/.well-known/oauth-protected-resource/mcp`);
    },
  );
});

describe('a discovery document', () => {
  for (const path of all) {
    verifies('DISCOVERY-CONDITIONAL', `has a validator and is not sent again to who has it: ${path}`, async () => {
      const first = await get(path);
      const etag = String(first.headers['etag']);
      expect(etag).toMatch(/^"[^"]+"$/);
      expect(first.headers).toMatchObject({
        'access-control-allow-origin': '*',
        'cache-control': expect.stringMatching(/max-age=\d+/) as string,
      });
      for (const validator of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
        const again = await get(path, { 'if-none-match': validator });
        expect(again).toMatchObject({ status: 304, text: '', headers: { etag, 'access-control-allow-origin': '*' } });
      }
      expect((await get(path, { 'if-none-match': '"other"' })).status).toBe(200);
    });

    verifies('DISCOVERY-CONDITIONAL', `serves HEAD, answers OPTIONS and refuses the rest: ${path}`, async () => {
      const whole = await get(path);
      const head = await get(path, {}, guard, 'HEAD');
      expect(head).toMatchObject({ status: 200, text: '' });
      for (const name of ['content-type', 'content-length', 'etag'])
        expect(head.headers[name]).toBe(whole.headers[name]);
      const asked = { origin: 'http://evil.example', 'access-control-request-method': 'GET' };
      const options = await get(path, asked, guard, 'OPTIONS');
      expect(options).toMatchObject({ status: 204, headers: { 'access-control-allow-origin': '*' } });
      for (const method of ['POST', 'PUT', 'DELETE']) {
        const answer = await get(path, {}, guard, method);
        expect(answer).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD, OPTIONS' } });
      }
    });

    verifies('DISCOVERY-CONDITIONAL', `is open to every origin and host, without a token: ${path} (J-11)`, async () => {
      for (const from of [guard, identity]) {
        const answer = await get(path, { origin: 'http://evil.example', host: 'evil.example' }, from);
        expect(answer).toMatchObject({ status: 200, headers: { 'access-control-allow-origin': '*' } });
        expect(answer.headers).not.toHaveProperty('access-control-allow-credentials');
      }
    });
  }

  verifies('DISCOVERY-CONDITIONAL', 'leaves no record: it is public', async () => {
    const before = guard.target.records().filter(({ decision }) => decision !== undefined).length;
    for (const path of all) await get(path, { 'user-agent': 'crawler' });
    await guard.expectNextAnswered();
    const records = guard.target.records();
    expect(records.filter(({ source }) => source?.userAgent === 'crawler')).toEqual([]);
    expect(records.filter(({ decision }) => decision !== undefined)).toHaveLength(before + 1);
  });
});
