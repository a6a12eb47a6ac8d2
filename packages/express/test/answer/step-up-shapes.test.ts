import { McpServer } from '@modelcontextprotocol/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { statelessHandler } from '../../src/index.ts';
import { openGuarded, type Guarded } from '../support/guarded.ts';
import { legacy, modern, send, type Answer, type SendOptions } from '../support/http.ts';

let ran = 0;
function buildServer(): McpServer {
  const server = new McpServer({ name: 'test', version: '1' });
  for (const name of ['whoami', 'read-note', 'write-note', 'purge-notes', 'unlisted']) {
    server.registerTool(name, { inputSchema: z.object({}), _meta: { own: name } }, () => {
      ran += 1;
      return { content: [] };
    });
  }
  return server;
}

interface Suite {
  readonly guarded: Guarded;
  readonly url: string;
}
const opened: Guarded[] = [];
async function open(stepUp: object, enforcement = 'enforce'): Promise<Suite> {
  const guarded = await openGuarded({ config: { stepUp, enforcement } });
  opened.push(guarded);
  return { guarded, url: await guarded.serveHandler(statelessHandler(buildServer)) };
}
afterAll(() => Promise.all(opened.map((one) => one.close())));

const parsed = (answer: Answer): { id: number; result: Record<string, unknown> } =>
  JSON.parse(answer.text.startsWith('{') ? answer.text : answer.text.slice(answer.text.indexOf('{'))) as never;
const call = (token: string, name: string): SendOptions => modern(token, 'tools/call', { name, arguments: {} });
const challengeOf = (answer: Answer): string => String(answer.headers['www-authenticate']);

describe('securitySchemes', () => {
  it('say in tool lists which scopes each tool takes, in both places, beside what the server says itself', async () => {
    const { guarded, url } = await open({ securitySchemes: true });
    const token = await guarded.token(['notes:read']);
    for (const make of [modern, legacy]) {
      const { tools } = parsed(await send(url, make(token, 'tools/list'))).result as { tools: object[] };
      const schemes = [{ type: 'oauth2', scopes: ['notes:read'] }];
      expect(tools).toMatchObject([
        { name: 'whoami', securitySchemes: [{ type: 'oauth2', scopes: [] }] },
        { name: 'read-note', securitySchemes: schemes, _meta: { own: 'read-note', securitySchemes: schemes } },
      ]);
      expect(tools).toHaveLength(2);
    }
  });

  it('are not there when nothing is said', async () => {
    const { guarded, url } = await open({});
    const answer = await send(url, modern(await guarded.token(['notes:read']), 'tools/list'));
    expect(answer.text).not.toContain('securitySchemes');
  });
});

describe('listDisclosedTools', () => {
  it('lists what the caller could step up to, and neither what is hidden nor what is not in the card', async () => {
    const { guarded, url } = await open({ listDisclosedTools: true, securitySchemes: true });
    const answer = await send(url, modern(await guarded.token([]), 'tools/list'));
    const { tools, cacheScope } = parsed(answer).result as { tools: { name: string }[]; cacheScope: string };
    expect(tools.map(({ name }) => name)).toEqual(['whoami', 'read-note', 'write-note']);
    expect(cacheScope).toBe('private');
    expect(answer.text).not.toContain('notes:admin');
    expect((await send(url, call(await guarded.token([]), 'write-note'))).status).toBe(403);
  });
});

describe('repeatGrantedScopes', () => {
  it('repeats after the scopes of the operation those the token has and the card declares', async () => {
    const { guarded, url } = await open({ repeatGrantedScopes: true });
    const token = await guarded.token(['openid', 'notes:read', 'notes:unheard-of']);
    expect(challengeOf(await send(url, call(token, 'write-note')))).toContain('scope="notes:write notes:read"');
    const none = await guarded.token([]);
    expect(challengeOf(await send(url, call(none, 'write-note')))).toContain('scope="notes:write"');
  });

  it('is off when nothing is said, as MCP asks of servers', async () => {
    const { guarded, url } = await open({});
    const answer = await send(url, call(await guarded.token(['notes:read']), 'write-note'));
    expect(challengeOf(answer)).toContain('scope="notes:write"');
  });

  it('adds nothing for a hidden target: it is as unknown as ever', async () => {
    const { guarded, url } = await open({ repeatGrantedScopes: true, wwwAuthenticateMetaFor: ['*'] });
    const token = await guarded.token(['notes:read']);
    const [hidden, unknown] = [await send(url, call(token, 'purge-notes')), await send(url, call(token, 'nope'))];
    expect(hidden.text).toBe(unknown.text);
    expect(hidden.headers).not.toHaveProperty('www-authenticate');
  });
});

describe('wwwAuthenticateMetaFor', () => {
  let suite: Suite;
  let client: string;
  beforeAll(async () => {
    const probe = await open({});
    const [record] = await recordOf(probe, call(await probe.guarded.token([]), 'whoami'));
    client = record?.actor?.clientId ?? '';
    suite = await open({ wwwAuthenticateMetaFor: [client] });
  });

  async function recordOf({ guarded, url }: Suite, request: SendOptions): Promise<Guarded['records']> {
    const before = guarded.records.length;
    await send(url, request);
    return guarded.records.slice(before);
  }

  it.each([
    ['modern', modern, { resultType: 'complete' }],
    ['2025-era', legacy, {}],
  ] as const)('puts the challenge into the result of the tool: %s', async (_era, make, more) => {
    const { guarded, url } = suite;
    const before = { ran, records: guarded.records.length };
    const token = await guarded.token(['notes:read']);
    const answer = await send(url, make(token, 'tools/call', { name: 'write-note', arguments: {} }, { id: 7 }));
    expect(answer.status).toBe(200);
    expect(answer.headers).not.toHaveProperty('www-authenticate');
    const { id, result } = parsed(answer);
    const [challenge, ...others] = (result['_meta'] as { 'mcp/www_authenticate': string[] })['mcp/www_authenticate'];
    expect(others).toEqual([]);
    expect(challenge).toMatch(
      /^Bearer error="insufficient_scope", scope="notes:write", resource_metadata="http:\/\/[^"]+", error_description="[^"]+"$/,
    );
    expect({ id, result }).toEqual({
      id: 7,
      result: {
        ...more,
        isError: true,
        content: [{ type: 'text', text: expect.stringContaining('lacks a scope') as string }],
        _meta: {
          'mcp/www_authenticate': [challenge],
          'dev.sallyport/refusal': {
            code: 'ERR_ACCESS_INSUFFICIENT_SCOPE',
            doc: 'https://sallyport.dev/errors/ERR_ACCESS_INSUFFICIENT_SCOPE',
          },
        },
      },
    });
    expect(ran).toBe(before.ran);
    expect(guarded.records.slice(before.records)).toMatchObject([
      { type: 'mcp.decision', decision: { effect: 'deny', reason: 'insufficient_scope', httpStatus: 200 } },
    ]);
  });

  it('leaves other clients, other methods and other refusals as they are', async () => {
    const other = await open({ wwwAuthenticateMetaFor: ['another-client'] });
    expect((await send(other.url, call(await other.guarded.token([]), 'write-note'))).status).toBe(403);
    const { guarded, url } = suite;
    const token = await guarded.token([]);
    expect((await send(url, modern(token, 'resources/read', { uri: 'note:///1' }))).status).toBe(403);
    expect((await send(url, call('x.y.z', 'write-note'))).status).toBe(401);
    expect(parsed(await send(url, call(token, 'nope')))).toHaveProperty('error.code', -32_602);
  });
});
