import { afterAll, beforeAll, describe, expect } from 'vitest';
import { openGuard, type Guard } from './support/guard.ts';
import { send, type Answer, type HeaderValue } from './support/mcp-request.ts';
import { parseChallenge } from './support/parse-challenge.ts';
import { resource } from './support/target.ts';
import { verifies } from './support/verifies.ts';

let guard: Guard;
beforeAll(async () => {
  guard = await openGuard({ config: { signInScopes: ['notes:read', 'echo:call'] } });
});
afterAll(() => guard.close());

const metadataPath = '/.well-known/oauth-protected-resource/mcp';
const rootPath = '/.well-known/oauth-protected-resource';

function get(path: string, headers: Record<string, HeaderValue> = {}): Promise<Answer> {
  return send(`${guard.target.origin}${path}`, { method: 'GET', headers });
}

describe('the metadata of the resource', () => {
  for (const path of [metadataPath, rootPath]) {
    verifies(
      ['TOKEN-9728-RESPONSE', 'TOKEN-9728-LOCATION', 'TOKEN-MCP-METADATA', 'TOKEN-MCP-NO-OFFLINE-ACCESS'],
      `is a JSON object at ${path}, for callers without a token (A-34)`,
      async () => {
        const answer = await get(path);
        expect([answer.status, answer.headers['content-type']]).toEqual([200, 'application/json']);
        expect(JSON.parse(answer.text)).toMatchObject({
          resource,
          authorization_servers: [guard.idp.issuer],
          bearer_methods_supported: ['header'],
          scopes_supported: ['notes:read', 'echo:call'],
        });
      },
    );
  }

  verifies('TOKEN-9728-RESOURCE', 'names the configured resource, whatever the request calls it (A-35)', async () => {
    const lies = { host: 'evil.example', 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' };
    const answer = await get(metadataPath, { ...lies, forwarded: 'host=evil.example;proto=https' });
    expect(JSON.parse(answer.text)).toHaveProperty('resource', resource);
    expect(answer.text).not.toContain('evil');
  });

  verifies('TOKEN-9728-NO-EMPTY', 'has no parameter without values', async () => {
    const document = JSON.parse((await get(metadataPath)).text) as Record<string, unknown>;
    for (const value of Object.values(document)) expect(value).not.toEqual([]);
  });

  verifies('TOKEN-9728-CACHING', 'may be kept for a while, and is 304 as long as it is the same', async () => {
    const answer = await get(metadataPath);
    expect(answer.headers['cache-control']).toMatch(/\bmax-age=[1-9]\d*\b/);
    const etag = answer.headers.etag ?? '';
    expect(etag).not.toBe('');
    expect((await get(metadataPath, { 'if-none-match': etag })).status).toBe(304);
    expect((await get(metadataPath, { 'if-none-match': '"other"' })).status).toBe(200);
  });

  verifies('TOKEN-9728-CHALLENGE', 'is where the challenge says that it is', async () => {
    const { answer } = await guard.send({ token: null });
    const { params } = parseChallenge(String(answer.headers['www-authenticate']));
    const { origin, pathname } = new URL(params['resource_metadata'] ?? '');
    expect({ origin, pathname }).toEqual({ origin: new URL(resource).origin, pathname: metadataPath });
    expect(JSON.parse((await get(pathname)).text)).toHaveProperty('resource', resource);
  });
});
