import { execFile } from 'node:child_process';
import { appendFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { once } from 'node:events';
import type { AuditRecord } from '@sallyport/core';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { openGuard, type Guard } from './support/guard.ts';
import { legacy, modern, send } from './support/mcp-request.ts';
import { spawnTarget, startTarget, waitFor } from './support/target.ts';
import { verifies } from './support/verifies.ts';

const command = fileURLToPath(new URL('../../packages/cli/dist/main.js', import.meta.url));
const run = promisify(execFile);

let guard: Guard;
let file: string;
beforeAll(async () => {
  guard = await openGuard({ config: { revocation: { file: './revocations.jsonl' }, clockSkewSeconds: 0 } });
  file = path.join(guard.target.folder, 'revocations.jsonl');
});
afterAll(() => guard.close());

/** `sallyport token revoke`, and the record of the server that honoured it. */
async function revoke(at: Guard, ...args: string[]): Promise<AuditRecord> {
  const before = at.target.records().filter(({ type }) => type === 'token.revoked').length;
  await run(process.execPath, [
    command,
    'token',
    'revoke',
    '--config',
    path.join(at.target.folder, 'config.json'),
    ...args,
  ]);
  return waitFor(
    () => at.target.records().filter(({ type }) => type === 'token.revoked')[before],
    'a token.revoked record',
  );
}

interface Issued {
  readonly token: string;
  readonly jti: string;
  readonly sub: string;
  readonly sid: string;
}

let count = 0;
/** A token that nobody else has, and what it can be revoked by. */
async function issue(claims: Record<string, unknown> = {}, at: Guard = guard): Promise<Issued> {
  count += 1;
  const [jti, sid] = [at.watch(`token-id-of-number-${count}`), at.watch(`session-id-of-number-${count}`)];
  const ids = { jti, sub: `subject-${count}`, sid };
  return { token: await at.token({ scopes: ['echo:call'], claims: { ...ids, ...claims } }), ...ids };
}

describe('a revoked token', () => {
  verifies(
    ['TOKEN-REVOKED-REFUSED', 'TOKEN-REVOKED-RECORD'],
    'is refused by its jti, although it was accepted and cached (B-85)',
    async () => {
      const { token, jti } = await issue();
      await guard.expectAnswered({ token });
      const served = guard.target.records().at(-1);
      const record = await revoke(guard, '--jti', jti);
      await guard.expectRefused('revoked', { token });

      expect(record.revocation).toMatchObject({
        iss: guard.idp.issuer,
        jti: expect.stringMatching(/^hmac-sha256:/) as string,
      });
      expect(record.detail).toEqual({ by: 'file' });
      const decision = guard.target.records().find((one) => one.call === served?.call && one.type === 'mcp.decision');
      expect(record.revocation?.jti).toBe(decision?.token?.jti);
    },
  );

  verifies(
    ['TOKEN-REVOKED-REFUSED', 'TOKEN-REVOKED-OTHERS'],
    'is refused by its session, with every other of that session',
    async () => {
      const [first, other] = [await issue(), await issue()];
      const second = await issue({ sub: first.sub, sid: first.sid });
      await guard.expectAnswered({ token: first.token });
      const record = await revoke(guard, '--session', first.sid);
      expect(record.revocation).toEqual({
        iss: guard.idp.issuer,
        sid: expect.stringMatching(/^hmac-sha256:/) as string,
        until: expect.any(String) as string,
      });
      for (const token of [first.token, second.token]) await guard.expectRefused('revoked', { token });
      await guard.expectAnswered({ token: other.token });
    },
  );

  verifies(
    ['TOKEN-REVOKED-REFUSED', 'TOKEN-REVOKED-OTHERS'],
    'is refused by its subject, and a later sign-in is not',
    async () => {
      const [{ token, sub }, other] = [await issue(), await issue()];
      const record = await revoke(guard, '--subject', sub);
      expect(record.revocation).toMatchObject({ sub, issuedUpTo: expect.any(Number) as number });
      await guard.expectRefused('revoked', { token });
      await guard.expectAnswered({ token: other.token });

      const issuedUpTo = record.revocation?.issuedUpTo ?? 0;
      await waitFor(() => Date.now() / 1000 > issuedUpTo + 1 || undefined, 'the next second');
      await guard.expectAnswered({ token: (await issue({ sub })).token });
    },
  );

  verifies('TOKEN-REVOKED-OTHERS', 'of one issuer says nothing of another', async () => {
    const { token, jti } = await issue();
    const line = { v: 1, id: 'other', issuer: 'https://other.example', jti, until: '2100-01-01T00:00:00Z' };
    appendFileSync(file, `${JSON.stringify(line)}\n`);
    await waitFor(() => guard.target.records().find(({ revocation }) => revocation?.iss === line.issuer), 'the record');
    await guard.expectAnswered({ token });
  });

  verifies('TOKEN-REVOKED-REFUSED', 'is held by nothing that has ended', async () => {
    const { token, jti } = await issue();
    const line = { v: 1, id: 'ended', issuer: guard.idp.issuer, jti, until: '2020-01-01T00:00:00Z' };
    appendFileSync(file, `${JSON.stringify(line)}\n`);
    // A later one shows that it was read.
    await revoke(guard, '--jti', 'somebody-else');
    await guard.expectAnswered({ token });
  });
});

describe('an open stream', () => {
  verifies('TOKEN-REVOKED-STREAM', 'is closed when its token is revoked, and the record says why (F-59)', async () => {
    const sessionful = await openGuard({ config: { revocation: { file: './revocations.jsonl' }, legacy: 'handler' } });
    try {
      const [first, second] = [await issue({}, sessionful), await issue({}, sessionful)];
      const [stream, other] = [await openStream(sessionful, first.token), await openStream(sessionful, second.token)];
      const ended = once(stream, 'end');
      await revoke(sessionful, '--jti', first.jti);
      await ended;
      const isClosed = ({ type }: AuditRecord): boolean => type === 'stream.closed';
      const closed = await sessionful.target.waitForRecord(isClosed);
      expect([closed.actor?.sub, closed.detail]).toEqual([first.sub, { reason: 'revoked' }]);
      expect([other.readableEnded, sessionful.target.records().filter(isClosed).length]).toEqual([false, 1]);
      other.destroy();
    } finally {
      await sessionful.close();
    }
  });
});

describe('with a revocation file', () => {
  verifies('TOKEN-REVOKED-DURABLE', 'a revocation holds in another process, and in the next one', async () => {
    const { token, jti } = await issue();
    const config = { revocation: { file }, audit: { stream: 'second' } };
    const second = await startTarget({ issuer: guard.idp.issuer, config });
    const call = modern('tools/call', { name: 'echo', arguments: { text: 'hello' } }, { token });
    try {
      expect((await send(second.url, call)).status).toBe(200);
      await revoke(guard, '--jti', jti);
      await second.waitForRecord(({ type }) => type === 'token.revoked');
      expect((await send(second.url, call)).json?.error?.data).toMatchObject({ code: 'ERR_TOKEN_REVOKED' });
    } finally {
      await second.remove();
    }
    const third = await startTarget({ issuer: guard.idp.issuer, config });
    try {
      expect((await send(third.url, call)).json?.error?.data).toMatchObject({ code: 'ERR_TOKEN_REVOKED' });
      expect(third.records().filter(({ type }) => type === 'token.revoked')).toEqual([]);
    } finally {
      await third.remove();
    }
  });

  verifies('TOKEN-REVOKED-FAIL-CLOSED', 'a line that is not understood stops everybody until it is gone', async () => {
    const { token } = await issue();
    const before = readFileSync(file);
    appendFileSync(file, '{"revoke":"everything"}\n');
    await waitFor(
      () => guard.target.stderr().includes('the revocation file is not known') || undefined,
      'the log line',
    );
    try {
      for (const era of ['modern', 'legacy'] as const) {
        const { answer, userAgent } = await guard.send({ token }, era);
        expect([answer.status, answer.challenges, answer.json?.error?.data?.['code']]).toEqual([
          503,
          [],
          'ERR_SERVER_STORE_DOWN',
        ]);
        expect(answer.headers['retry-after']).toMatch(/^[1-9]\d*$/);
        const record = await guard.target.waitForRecord(({ source }) => source?.userAgent === userAgent);
        expect(record.decision).toMatchObject({ reason: 'store_down', httpStatus: 503 });
      }
      const ready = await send(`${guard.target.origin}/readyz`, { method: 'GET' });
      expect(ready.status).toBe(503);
      expect(JSON.parse(ready.text)).toMatchObject({ checks: { revocations: { ok: false } } });
    } finally {
      writeFileSync(`${file}.new`, before, { mode: 0o600 });
      renameSync(`${file}.new`, file);
    }
    await waitFor(
      () => guard.target.stderr().includes('the revocation file is right again') || undefined,
      'the log line',
    );
    await guard.expectAnswered({ token });
    expect((await send(`${guard.target.origin}/readyz`, { method: 'GET' })).status).toBe(200);
  });

  verifies(
    ['TOKEN-REVOKED-FAIL-CLOSED', 'START-CONFIG'],
    'that is not understood the process does not start',
    async () => {
      const folder = guard.target.folder;
      const broken = path.join(folder, 'broken.jsonl');
      writeFileSync(broken, 'revoke alice\n', { mode: 0o600 });
      const config = JSON.parse(readFileSync(path.join(folder, 'config.json'), 'utf8')) as object;
      const configFile = path.join(folder, 'broken.json');
      writeFileSync(
        configFile,
        JSON.stringify({ ...config, revocation: { file: broken }, audit: { directory: './other' } }),
      );
      const child = spawnTarget({ SALLYPORT_CONFIG: configFile, PORT: '0' });
      let stderr = '';
      child.stderr?.on('data', (text: Buffer) => (stderr += text.toString()));
      const [code] = (await once(child, 'close')) as [number];
      expect(code).not.toBe(0);
      expect(stderr).toContain(`${broken}: line 1: the line is not JSON`);
      expect(stderr).toContain('ERR_REVOCATION_FILE');
    },
  );
});

describe('where sessions are', () => {
  verifies(
    ['WALK-02-GET-AFTER-AUTH', 'WALK-04-BARE-CHALLENGE'],
    'no token is treated no better than a bad one (H-17)',
    async () => {
      const bad = 'not-a-token';
      for (const method of ['GET', 'DELETE']) {
        const headers = { 'mcp-session-id': 'guessed', 'content-type': undefined };
        for (const eras of [['modern'], ['legacy']] as const) {
          await guard.expectRefused('no_token', { method, body: '', headers, eras, token: null });
          await guard.expectRefused('malformed_token', { method, body: '', headers, eras, token: bad });
        }
      }
      for (const rpc of ['tasks/get', 'tasks/update', 'tasks/cancel'].map(
        (one) => [one, { taskId: 'guessed' }] as const,
      )) {
        await guard.expectRefused('no_token', { rpc, token: null });
        await guard.expectRefused('malformed_token', { rpc, token: bad });
      }
    },
  );
});

describe('afterwards', () => {
  verifies(
    ['WALK-00-NO-SECRET', 'TOKEN-REVOKED-RECORD'],
    'no id of a token or session is in any record, log line or answer',
    async () => {
      // A server that stopped letting people in said so, on purpose.
      await guard.expectNextAnswered();
      const text = JSON.stringify(guard.target.records()) + guard.target.stderr();
      expect(text).not.toMatch(/token-id-of-number|session-id-of-number/);
    },
  );
});

/** Opens a session of a 2025-era client and its stream. */
async function openStream(at: Guard, token: string): Promise<IncomingMessage> {
  const clientInfo = { name: 'e2e', version: '1' };
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo };
  const opened = await send(at.target.url, legacy('initialize', params, { token }));
  expect({ status: opened.status, text: opened.text }).toMatchObject({ status: 200 });
  const headers = {
    accept: 'text/event-stream',
    authorization: `Bearer ${token}`,
    'mcp-protocol-version': '2025-11-25',
    'mcp-session-id': String(opened.headers['mcp-session-id']),
  };
  const req = httpRequest(at.target.url, { method: 'GET', headers, agent: false }).end();
  const [res] = (await once(req, 'response')) as [IncomingMessage];
  expect([res.statusCode, res.headers['content-type']]).toEqual([200, expect.stringContaining('text/event-stream')]);
  res.resume();
  return res;
}
