import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMemoryRevocationList, type RevocationList } from '@sallyport/core';
import type { Response } from 'express';
import { afterEach, describe, expect, it } from 'vitest';
import { mount, type RevokeRequest } from '../../src/index.ts';
import { openGuarded, resource, type Guarded } from '../support/guarded.ts';
import { modern, send } from '../support/http.ts';
import { until } from '../support/until.ts';

let open: Guarded[] = [];
afterEach(async () => {
  await Promise.all(open.map((guarded) => guarded.close()));
  open = [];
});

async function guard(options: Parameters<typeof openGuarded>[0] = {}): Promise<Guarded> {
  const guarded = await openGuarded(options);
  open.push(guarded);
  return guarded;
}

/** Serves a handler that answers, and gives how a call of a token is answered. */
async function caller(guarded: Guarded): Promise<(token: string) => Promise<string>> {
  const url = await guarded.serveHandler(
    mount((_req: unknown, res: Response) => void res.json({ jsonrpc: '2.0', id: 1, result: {} })),
  );
  return async (token) => {
    const { status, text } = await send(url, modern(token, 'tools/call', { name: 'whoami' }));
    const body = JSON.parse(text) as { error?: { data?: { code?: string } } };
    return status === 200 ? 'served' : `${status} ${body.error?.data?.code ?? ''}`;
  };
}

const refused = '401 ERR_TOKEN_REVOKED';

function mint({ idp }: Guarded, claims: Record<string, unknown> = {}): Promise<string> {
  return idp.mintToken({ resource, claims: { sub: 'alice', jti: 'token-1', sid: 'session-1', ...claims } });
}

describe('revoke', () => {
  it.each<[string, Partial<Record<'jti' | 'subject' | 'session', string>>, object]>([
    ['a token', { jti: 'token-1' }, { jti: expect.stringMatching(/^hmac-sha256:/) }],
    ['a subject', { subject: 'alice' }, { sub: 'alice', issuedUpTo: expect.any(Number) }],
    ['a session', { session: 'session-1' }, { sid: expect.stringMatching(/^hmac-sha256:/) }],
  ])(
    'refuses %s from the next request on, although it was cached, and leaves others alone',
    async (_name, what, recorded) => {
      const guarded = await guard();
      const call = await caller(guarded);
      const [token, other] = [
        await mint(guarded),
        await mint(guarded, { sub: 'bob', jti: 'token-2', sid: 'session-2' }),
      ];
      expect([await call(token), await call(other)]).toEqual(['served', 'served']);
      await guarded.suite.revoke({ issuer: guarded.idp.issuer, ...what } as RevokeRequest);
      expect([await call(token), await call(other)]).toEqual([refused, 'served']);

      const record = guarded.records.find(({ type }) => type === 'token.revoked');
      expect(record?.revocation).toEqual({ iss: guarded.idp.issuer, ...recorded, until: expect.any(String) });
      expect(record?.detail).toEqual({ by: 'api' });
    },
  );

  it('keeps it as long as the configuration says, or until the date that is named', async () => {
    const guarded = await guard({ config: { revocation: { lifetimeSeconds: 3_600 } } });
    const untilDate = new Date(Date.now() + 60_000);
    await guarded.suite.revoke({ issuer: guarded.idp.issuer, jti: 'a' });
    await guarded.suite.revoke({ issuer: guarded.idp.issuer, jti: 'b', until: untilDate });
    const ends = guarded.records
      .filter(({ type }) => type === 'token.revoked')
      .map(({ at, revocation }) => [at, revocation?.until ?? '']);
    const [at = '', end = ''] = ends[0] ?? [];
    expect(Math.abs(Date.parse(end) - Date.parse(at) - 3_600_000)).toBeLessThan(5_000);
    expect(ends[1]?.[1]).toBe(untilDate.toISOString());
  });

  it.each<[string, object]>([
    ['an issuer that is not configured', { issuer: 'https://other.example', jti: 'a' }],
    ['nothing', {}],
    ['two things', { jti: 'a', subject: 'b' }],
    ['an empty id', { jti: '' }],
    ['an id that is no text', { subject: 7 }],
    ['an end in the past', { jti: 'a', until: new Date(0) }],
    ['an end that is no date', { jti: 'a', until: new Date(NaN) }],
  ])('rejects %s, which could never hold', async (_name, what) => {
    const guarded = await guard();
    const wrong = { issuer: guarded.idp.issuer, ...what } as RevokeRequest;
    await expect(guarded.suite.revoke(wrong)).rejects.toBeInstanceOf(TypeError);
    expect(guarded.records.some(({ type }) => type === 'token.revoked')).toBe(false);
  });

  it('rejects when the list takes no more, and says nothing of it in the log', async () => {
    const revocations = createMemoryRevocationList({ maxEntries: 1 });
    const guarded = await guard({ revocations });
    const { issuer } = guarded.idp;
    await guarded.suite.revoke({ issuer, jti: 'a' });
    await expect(guarded.suite.revoke({ issuer, jti: 'b' })).rejects.toThrow(/full/);
    expect(guarded.records.filter(({ type }) => type === 'token.revoked')).toHaveLength(1);
  });

  it('asks a list that somebody else keeps, and lets nobody in while it does not answer', async () => {
    let answer: () => Promise<boolean> = async () => false;
    const revocations: RevocationList = { revoke: async () => undefined, isRevoked: () => answer() };
    const guarded = await guard({ revocations });
    const call = await caller(guarded);
    const token = await mint(guarded);
    expect(await call(token)).toBe('served');
    answer = async () => true;
    expect(await call(token)).toBe(refused);
    answer = () => Promise.reject(new Error('connection refused'));
    expect(await call(token)).toBe('503 ERR_SERVER_STORE_DOWN');
  });

  it('writes to the revocation file, so that it holds after a restart', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sallyport-revoke-'));
    const revocation = { file: join(folder, 'revocations.jsonl') };
    try {
      const first = await guard({ config: { revocation } });
      await first.suite.revoke({ issuer: first.idp.issuer, jti: 'token-1' });
      expect(readFileSync(revocation.file, 'utf8')).toContain('"jti":"token-1"');
      const second = await guard({ config: { revocation, issuers: [{ issuer: first.idp.issuer }] } });
      expect(await (await caller(second))(await mint(first))).toBe(refused);
      expect(second.suite.readiness().checks.revocations).toEqual({ ok: true });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('an open stream', () => {
  const events = (
    _req: unknown,
    res: { writeHead(status: number, headers: object): { write(text: string): unknown } },
  ): void => {
    res.writeHead(200, { 'content-type': 'text/event-stream' }).write(': open\n\n');
  };

  async function listen(url: string, token: string): Promise<IncomingMessage> {
    const headers = { authorization: `Bearer ${token}`, accept: 'text/event-stream' };
    const req = request(url, { method: 'GET', headers, agent: false }).end();
    const [res] = (await once(req, 'response')) as [IncomingMessage];
    res.resume();
    return res;
  }

  it('is closed when its token is revoked, and another is not', async () => {
    const guarded = await guard({ config: { legacy: 'handler' } });
    const url = await guarded.serveHandler(mount(events));
    const [mine, other] = [
      await listen(url, await mint(guarded)),
      await listen(url, await mint(guarded, { sub: 'bob', jti: 'b', sid: 'b' })),
    ];
    const ended = once(mine, 'end');
    await guarded.suite.revoke({ issuer: guarded.idp.issuer, subject: 'alice' });
    await ended;
    await until(() => guarded.records.some(({ type }) => type === 'stream.closed'), 'the record of the end');
    const closed = guarded.records.filter(({ type }) => type === 'stream.closed');
    expect(closed.map(({ actor, detail }) => [actor?.sub, detail])).toEqual([['alice', { reason: 'revoked' }]]);
    expect(other.readableEnded).toBe(false);
    other.destroy();
  });

  it('is closed soon when it was revoked in a list that others write to', async () => {
    const revocations = createMemoryRevocationList();
    const guarded = await guard({ config: { legacy: 'handler' }, revocations });
    const stream = await listen(await guarded.serveHandler(mount(events)), await mint(guarded));
    const ended = once(stream, 'end');
    revocations.revoke({ kind: 'token', issuer: guarded.idp.issuer, tokenId: 'token-1' }, Date.now() + 60_000);
    await ended;
  });

  it('stays open while nobody can say what is revoked', async () => {
    let asked = 0;
    const revocations: RevocationList = {
      revoke: () => undefined,
      isRevoked: () => {
        asked += 1;
        if (asked === 1) return false;
        throw new Error('connection refused');
      },
    };
    const guarded = await guard({ config: { legacy: 'handler' }, revocations });
    const stream = await listen(await guarded.serveHandler(mount(events)), await mint(guarded));
    await until(() => asked > 2, 'the stream to be checked');
    expect(stream.readableEnded).toBe(false);
    stream.destroy();
  });
});
