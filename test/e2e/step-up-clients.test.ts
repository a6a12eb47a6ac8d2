import { createServer, type AddressInfo } from 'node:net';
import { startDevIdp, type DevIdp } from '@sallyport/dev-idp';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { createHeadlessSignIn } from './support/headless-sign-in.ts';
import { legacy, modern, send, streamMessages } from './support/mcp-request.ts';
import { parseChallengeLines } from './support/parse-challenge.ts';
import { sdkCases, type SdkCase } from './support/sdk-clients.ts';
import { startTarget, type Target } from './support/target.ts';
import { verifies } from './support/verifies.ts';

/** A target whose resource is its true address: a client signs in only for the server it talks to. */
interface Place {
  readonly idp: DevIdp;
  readonly target: Target;
  close(): Promise<void>;
}

async function open(stepUp: object | undefined): Promise<Place> {
  const port = await freePort();
  const resource = `http://127.0.0.1:${port}/mcp`;
  const idp = await startDevIdp({ quiet: true, resources: [resource] });
  const config = { resource, ...(stepUp !== undefined && { stepUp }) };
  const target = await startTarget({ issuer: idp.issuer, config, env: { PORT: String(port) } });
  return {
    idp,
    target,
    async close() {
      await target.remove();
      await idp.close();
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const everything = { securitySchemes: true, listDisclosedTools: true, repeatGrantedScopes: true };
let plain: Place;
let helpful: Place;
beforeAll(async () => {
  plain = await open(undefined);
  helpful = await open(everything);
});
afterAll(() => Promise.all([plain.close(), helpful.close()]));

async function refused(attempt: () => Promise<unknown>): Promise<boolean> {
  return attempt().then(
    () => false,
    () => true,
  );
}

const note = { id: '9', text: 'written after stepping up' };

/** Signs in, steps up for one tool and then for another; gives the scopes of the last token. */
async function stepUpTwice({ create }: SdkCase, { idp, target }: Place): Promise<string[]> {
  const signIn = createHeadlessSignIn(idp);
  const user = create(target.url, signIn.provider);
  expect(await refused(() => user.connect())).toBe(true);
  await user.finishSignIn(signIn.callback());
  await user.connect();
  for (const [tool, args] of [
    ['echo', { text: 'hello' }],
    ['write-note', note],
  ] as const) {
    expect(await refused(() => user.call(tool, args))).toBe(true);
    await user.finishSignIn(signIn.callback());
    expect(await user.call(tool, args)).not.toBe('');
  }
  await user.close();
  return signIn.granted();
}

describe.each(sdkCases)('$name', (client) => {
  verifies('STEP-UP-REPEAT-SCOPES', 'keeps what it had when challenges repeat it', async () => {
    const granted = await stepUpTwice(client, helpful);
    expect(granted).toEqual(expect.arrayContaining(['notes:read', 'echo:call', 'notes:write']));
  });

  verifies('STEP-UP-OFF', 'steps up by the challenge of the operation alone', async () => {
    const granted = await stepUpTwice(client, plain);
    expect(granted).toContain('notes:write');
    // This client asks for nothing but the challenge (typescript-sdk#1582); the other one adds up by itself.
    expect(granted.includes('echo:call')).toBe(client.name !== '@modelcontextprotocol/sdk');
  });

  verifies(
    ['STEP-UP-LIST-DISCLOSED', 'STEP-UP-SECURITY-SCHEMES'],
    'lists what it could step up to, and does',
    async () => {
      const token = await helpful.idp.mintToken({ subject: 'lister', scopes: [], resource: helpful.target.url });
      const user = client.create(helpful.target.url, token);
      await user.connect();
      const tools = await user.tools();
      expect(tools).toEqual(expect.arrayContaining(['whoami', 'echo', 'read-note', 'write-note', 'transfer']));
      for (const name of ['purge-notes', 'unlisted']) expect(tools).not.toContain(name);
      expect(await refused(() => user.call('echo', { text: 'x' }))).toBe(true);
      await user.close();
    },
  );
});

interface ListedTool {
  readonly name: string;
  readonly securitySchemes?: readonly { readonly type: string; readonly scopes: readonly string[] }[];
  readonly _meta?: { readonly securitySchemes?: unknown };
}

describe.each([
  ['modern', modern],
  ['2025-era', legacy],
] as const)('a %s tool list', (_era, make) => {
  async function list({ idp, target }: Place, accept: string): Promise<readonly ListedTool[]> {
    const token = await idp.mintToken({ subject: 'lister', scopes: ['payments:write'], resource: target.url });
    const answer = await send(target.url, make('tools/list', {}, { token, headers: { accept } }));
    const message = answer.json ?? streamMessages(answer.text).at(-1);
    return message?.result?.['tools'] as readonly ListedTool[];
  }

  verifies('STEP-UP-SECURITY-SCHEMES', 'names the scopes of each tool, in JSON and in a stream', async () => {
    for (const accept of ['application/json, text/event-stream', 'text/event-stream, application/json']) {
      const tools = await list(helpful, accept);
      const schemes = new Map(tools.map(({ name, securitySchemes }) => [name, securitySchemes]));
      expect(schemes.get('whoami')).toEqual([{ type: 'oauth2', scopes: [] }]);
      expect(schemes.get('write-note')).toEqual([{ type: 'oauth2', scopes: ['notes:write'] }]);
      expect(schemes.get('transfer')).toEqual([
        { type: 'oauth2', scopes: ['payments:write'] },
        { type: 'oauth2', scopes: ['payments:write', 'payments:large'] },
      ]);
      for (const { securitySchemes, _meta } of tools) expect(_meta?.securitySchemes).toEqual(securitySchemes);
      expect(JSON.stringify(tools)).not.toContain('notes:admin');
    }
  });

  verifies('STEP-UP-OFF', 'shows what may be used and nothing of scopes', async () => {
    const tools = await list(plain, 'application/json, text/event-stream');
    expect(tools.map(({ name }) => name)).toEqual(['whoami', 'transfer']);
    expect(JSON.stringify(tools)).not.toContain('securitySchemes');
  });
});

describe('a client that reads the challenge in the result of the tool', () => {
  let place: Place;
  beforeAll(async () => {
    place = await open({ wwwAuthenticateMetaFor: ['reads-meta'] });
  });
  afterAll(() => place.close());

  async function call(clientId: string, name: string, make: typeof modern = modern) {
    const resource = place.target.url;
    const token = await place.idp.mintToken({ subject: 'user', clientId, scopes: ['notes:read'], resource });
    return send(place.target.url, make('tools/call', { name, arguments: { ...note } }, { token, id: 'one' }));
  }

  for (const [era, make] of [
    ['modern', modern],
    ['2025-era', legacy],
  ] as const) {
    verifies(['STEP-UP-TOOL-RESULT', 'REFUSAL-NOTHING-RAN'], `finds it there: ${era}`, async () => {
      const answer = await call('reads-meta', 'write-note', make);
      expect(answer).toMatchObject({ status: 200, challenges: [], headers: { 'cache-control': 'no-store' } });
      const result = answer.json?.result as { isError: boolean; _meta: Record<string, string[]> };
      expect(result.isError).toBe(true);
      const [found, ...more] = parseChallengeLines(result._meta['mcp/www_authenticate'] ?? []);
      expect(more).toEqual([]);
      expect(found).toMatchObject({
        scheme: 'Bearer',
        params: {
          error: 'insufficient_scope',
          scope: 'notes:write',
          error_description: expect.any(String) as string,
          resource_metadata: place.target.url.replace('/mcp', '/.well-known/oauth-protected-resource/mcp'),
        },
      });
      expect(place.target.effects()).toEqual([]);
      const record = await place.target.waitForRecord(({ decision }) => decision?.reason === 'insufficient_scope');
      expect(record.decision).toMatchObject({ effect: 'deny', httpStatus: 200, missingScopes: ['notes:write'] });
    });
  }

  verifies('STEP-UP-TOOL-RESULT', 'is the only one: others get 403 and the header', async () => {
    const answer = await call('another-client', 'write-note');
    expect(answer.status).toBe(403);
    expect(answer.challenges[0]).toContain('scope="notes:write"');
  });

  verifies('STEP-UP-TOOL-RESULT', 'learns nothing of hidden tools', async () => {
    const [hidden, unknown] = [await call('reads-meta', 'purge-notes'), await call('reads-meta', 'nope')];
    expect(hidden.text).toBe(unknown.text);
    expect(hidden.text).toContain('ERR_ACCESS_UNKNOWN_TARGET');
  });
});
