import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { openGuard, type Guard } from './support/guard.ts';
import { expectOneRecord, expectRefusal } from './support/expect-refusal.ts';
import { modern, send, streamMessages } from './support/mcp-request.ts';
import { openRaw, rawMessage } from './support/raw-connection.ts';
import { waitFor } from './support/target.ts';
import { verifies } from './support/verifies.ts';

const app = 'https://app.example.com';

let guard: Guard;
beforeAll(async () => {
  guard = await openGuard({ config: { network: { allowedOrigins: [app] } } });
});
afterAll(() => guard.close());

describe('health', () => {
  verifies(
    'PROCESS-HEALTH',
    '/healthz says that the process lives, to whoever asks, and nothing else (K-26)',
    async () => {
      for (const headers of [
        {},
        { host: 'evil.example' },
        { origin: 'http://evil.example' },
        { 'user-agent': 'kube-probe/1' },
      ]) {
        const answer = await send(`${guard.target.origin}/healthz`, { method: 'GET', headers });
        expect(answer).toMatchObject({
          status: 200,
          text: '{"status":"ok"}',
          headers: { 'cache-control': 'no-store' },
        });
      }
    },
  );

  verifies(
    'PROCESS-HEALTH',
    '/readyz says that the audit log is writable and the keys of each issuer are held',
    async () => {
      const answer = await send(`${guard.target.origin}/readyz`, { method: 'GET', headers: { host: '10.1.2.3' } });
      expect(answer.status).toBe(200);
      expect(JSON.parse(answer.text)).toEqual({
        ready: true,
        enforcement: 'enforce',
        checks: {
          audit: { ok: true },
          issuers: [{ issuer: guard.idp.issuer, ok: true }],
          revocations: { ok: true },
          closing: false,
        },
      });
    },
  );

  verifies('PROCESS-HEALTH', 'is for GET and HEAD at exactly these paths', async () => {
    expect(await send(`${guard.target.origin}/healthz`, { method: 'HEAD' })).toMatchObject({ status: 200, text: '' });
    for (const path of ['/healthz/', '/HEALTHZ', '/readyz/x']) {
      expect((await send(`${guard.target.origin}${path}`, { method: 'GET' })).status).toBe(404);
    }
    expect((await send(`${guard.target.origin}/healthz`, { method: 'POST' })).status).toBe(404);
  });
});

verifies('PROCESS-DRAIN', 'the ready line names port and process, and nothing else is on stdout', () => {
  expect(guard.target.process.pid).toBeGreaterThan(0);
  expect(guard.target.port).toBeGreaterThan(0);
  expect(guard.target.process.exitCode).toBeNull();
});

/** A call of `sleep`, written on a connection of its own. */
function sleeping(ms: number, progress: boolean, userAgent: string, more: readonly string[] = []): string {
  const message = modern('tools/call', { name: 'sleep', arguments: { ms, progress } }, { token: guard.good });
  return rawMessage(message, ['Host: localhost', `User-Agent: ${userAgent}`, ...more]);
}

async function untilNotListening(): Promise<void> {
  const answers = (): Promise<boolean> =>
    send(`${guard.target.origin}/healthz`, { method: 'GET' }).then(
      () => true,
      () => false,
    );
  while (await answers()) await delay(10);
}

// A process ends once, so this is one test.
verifies(
  ['PROCESS-DRAIN', 'REFUSAL-NO-CHALLENGE-5XX', 'G-21'],
  'on SIGTERM calls in flight end, new ones are 503, outcomes are recorded and the process exits with 0 (G-21)',
  async () => {
    const { target } = guard;
    const connections = [openRaw(target.port), openRaw(target.port)] as const;
    const before = target.effects().length;
    connections[0].write(sleeping(1_000, false, 'plain'));
    connections[1].write(sleeping(1_000, true, 'streaming'));
    await waitFor(() => (target.effects().length === before + 2 ? true : undefined), 'both calls to run');
    const exited = once(target.process, 'exit') as Promise<[number | null]>;
    target.process.kill('SIGTERM');
    await untilNotListening();
    // No new connection is accepted; a new request on one that is open is refused, and a page may read why.
    connections[0].write(sleeping(0, false, 'late', [`Origin: ${app}`]));

    expect((await connections[0].answer()).json?.result).toMatchObject({ content: [{ text: 'Slept 1000 ms.' }] });
    expectRefusal(await connections[0].answer(), 'closing', 1, { headers: { 'access-control-allow-origin': app } });
    expect(streamMessages((await connections[1].answer()).text).at(-1)?.result).toMatchObject({
      content: [{ text: 'Slept 1000 ms.' }],
    });
    expect(await exited).toEqual([0, null]);
    for (const raw of connections) raw.destroy();

    const records = target.records();
    expect(records.at(-1)?.type).toBe('audit.stopped');
    for (const userAgent of ['plain', 'streaming']) {
      const decision = records.find(({ source }) => source?.userAgent === userAgent);
      const outcomes = records.filter(({ type, call }) => type === 'mcp.outcome' && call === decision?.call);
      expect(outcomes.map(({ outcome }) => outcome?.status)).toEqual(['ok']);
    }
    expectOneRecord(records, 'late', 'closing');
    expect(target.effects()).toHaveLength(before + 2);
    expect(target.stderr()).not.toMatch(/\(node:\d+\)|unhandled|"level":[56]0/);
  },
);
