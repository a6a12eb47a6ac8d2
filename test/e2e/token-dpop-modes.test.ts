import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client, DpopSession, StreamableHTTPClientTransport, withDpop } from '@modelcontextprotocol/client';
import { startDevIdp } from '@sallyport/dev-idp';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { createDpopClient } from './support/dpop-client.ts';
import { metadataUrl } from './support/expect-refusal.ts';
import { openGuard, type Call, type Guard } from './support/guard.ts';
import { startTarget } from './support/target.ts';
import { verifies } from './support/verifies.ts';

const client = createDpopClient();
const guards: Guard[] = [];
afterAll(async () => {
  await Promise.all(guards.map((guard) => guard.close()));
});

/** A call of `echo` with a bound token, as a well-behaved client makes it. */
async function provenCall(guard: Guard, claims: Record<string, unknown> = {}): Promise<Call> {
  const token = await guard.token({ subject: 'proven', scopes: ['echo:call'], boundTo: client.jwk });
  return { headers: () => client.headers(token, { claims }) };
}

async function open(
  dpop: Record<string, unknown>,
  goodCall: (guard: Guard) => Promise<Call> = provenCall,
): Promise<Guard> {
  const guard = await openGuard({ config: { dpop }, goodCall });
  guards.push(guard);
  return guard;
}

describe('with dpop.mode require', () => {
  let guard: Guard;
  beforeAll(async () => {
    guard = await open({ mode: 'require' });
  });
  const alone = { challenges: ['DPoP error'] } as const;

  verifies(
    'TOKEN-9449-REQUIRED',
    'a token that is not bound is refused with a DPoP challenge alone (E-30)',
    async () => {
      await guard.expectRefused('dpop_required', { token: guard.good }, alone);
      await guard.expectRefused('dpop_required', { headers: () => ({ dpop: client.proof(guard.good) }) }, alone);
      await guard.expectRefused('binding_mismatch', { headers: () => client.headers(guard.good) }, alone);
    },
  );

  verifies('TOKEN-9449-REQUIRED', 'every other 401 has a DPoP challenge alone too', async () => {
    await guard.expectRefused('no_token', { token: null }, { challenges: ['DPoP'] });
    await guard.expectRefused('malformed_token', { token: 'bad' }, alone);
    await guard.expectRefused('binding_mismatch', { token: await guard.token({ boundTo: client.jwk }) }, alone);
  });

  verifies('TOKEN-9449-REQUIRED', 'a bound token with a proof is served', async () => {
    await guard.expectAnswered(provenCall);
  });

  verifies('TOKEN-9728-BINDING', 'the metadata says so (E-31)', async () => {
    const document = await fetch(`${guard.target.origin}${new URL(metadataUrl).pathname}`);
    expect(await document.json()).toMatchObject({ dpop_bound_access_tokens_required: true });
  });

  verifies('WALK-00-NO-SECRET', 'no token and no proof is in a record, a log line or an answer', () =>
    guard.expectClean(),
  );
});

describe('with a nonce', () => {
  const nonceKey = 'a-secret-that-all-instances-share-0123456789';
  const demanded = {
    challenges: ['DPoP error'],
    headers: { 'dpop-nonce': expect.stringMatching(/^[\w-]{43}$/) as string },
  } as const;
  let guard: Guard;
  let twin: Guard;
  let stranger: Guard;
  beforeAll(async () => {
    const current = async (of: Guard): Promise<Call> => provenCall(of, { nonce: await nonceOf(of) });
    guard = await open({ mode: 'accept', nonce: true, nonceKey }, current);
    twin = await open({ mode: 'accept', nonce: true, nonceKey }, current);
    stranger = await open({ mode: 'accept', nonce: true }, current);
    guard.watch(nonceKey);
  });

  /** The nonce a server asks for. */
  async function nonceOf(of: Guard): Promise<string> {
    const { answer } = await of.send(await provenCall(of));
    return String(answer.headers['dpop-nonce']);
  }

  verifies('TOKEN-9449-NONCE', 'a proof without one is answered with one, and nothing runs (E-26)', async () => {
    await guard.expectRefused('dpop_nonce_required', await provenCall(guard), demanded);
  });

  verifies(
    ['TOKEN-9449-NONCE', 'TOKEN-9449-NONCE-NEXT'],
    'a proof with it is served, and told what to use next',
    async () => {
      for (const { answer } of await guard.expectAnswered(await provenCall(guard, { nonce: await nonceOf(guard) })))
        expect(answer.headers['dpop-nonce']).toMatch(/^[\w-]{43}$/);
    },
  );

  verifies(
    'TOKEN-9449-NONCE',
    'a wrong one, or one of another authorization server, is answered with a fresh one (E-27)',
    async () => {
      for (const nonce of ['', 'eyJ7S_zG.eyJH0-Z.HX4w-7v', 1, null])
        await guard.expectRefused('dpop_nonce', await provenCall(guard, { nonce }), demanded);
    },
  );

  verifies(
    'TOKEN-9449-NONCE-SHARED',
    'one of another instance is good where they share a key, and only there (E-27)',
    async () => {
      const nonce = await nonceOf(twin);
      await guard.expectAnswered(await provenCall(guard, { nonce }));
      await stranger.expectRefused('dpop_nonce', await provenCall(stranger, { nonce }), demanded);
    },
  );

  verifies(
    'TOKEN-9449-NONCE-NEXT',
    'other refusals of a proof carry it too, and a bearer token is not bothered',
    async () => {
      const nonce = await nonceOf(guard);
      await guard.expectRefused('dpop_htm', await provenCall(guard, { nonce, htm: 'GET' }), demanded);
      for (const { answer } of await guard.expectAnswered({})) expect(answer.headers).not.toHaveProperty('dpop-nonce');
    },
  );

  verifies(
    'WALK-00-NO-SECRET',
    'neither the key of the nonces nor a token is in a record, a log line or an answer',
    () => guard.expectClean(),
  );
});

verifies(
  ['TOKEN-9449-NONCE', 'TOKEN-9449-CHALLENGE'],
  "the SDK's own client proves its key, and answers to the nonce that is demanded",
  async () => {
    const idp = await startDevIdp({ quiet: true });
    const port = await freePort();
    const url = `http://127.0.0.1:${port}/mcp`;
    const config = { resource: url, dpop: { mode: 'require', nonce: true } };
    const target = await startTarget({ issuer: idp.issuer, config, env: { PORT: `${port}` } });
    const session = await DpopSession.create();
    const token = await idp.mintToken({ scopes: ['echo:call'], resource: url, boundTo: session.publicJwk });
    const sdk = new Client({ name: 'e2e', version: '1' });
    try {
      const transport = new StreamableHTTPClientTransport(new URL(url), {
        fetch: withDpop(session, () => token)(fetch),
      });
      await sdk.connect(transport);
      const result = await sdk.callTool({ name: 'echo', arguments: { text: 'proven' } });
      expect(result.content).toEqual([{ type: 'text', text: 'proven' }]);
      await target.waitForRecord(({ type }) => type === 'mcp.outcome');
      const records = target.records();
      expect(records.filter(({ type }) => type === 'auth.failure').map(({ decision }) => decision?.reason)).toEqual([
        'dpop_nonce_required',
      ]);
      const allowed = records.filter(({ decision }) => decision?.effect === 'allow');
      expect(new Set(allowed.map(({ actor }) => actor?.proof))).toEqual(new Set(['dpop']));
    } finally {
      await sdk.close();
      await target.remove();
      await idp.close();
    }
  },
);

/** What a client proves is the URL it uses, so the port must be known before the server runs. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
