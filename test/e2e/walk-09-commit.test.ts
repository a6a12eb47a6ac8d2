import { checkCompleteness } from '@sallyport/audit';
import type { AuditRecord } from '@sallyport/core';
import { startDevIdp, type DevIdp } from '@sallyport/dev-idp';
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest';
import { limitFileSize } from './support/file-limit.ts';
import { linesOf } from './support/log-lines.ts';
import { legacy, modern, send, type Answer, type SendOptions } from './support/mcp-request.ts';
import { openCall } from './support/open-call.ts';
import { startTarget, waitFor, type Target } from './support/target.ts';
import { verifies } from './support/verifies.ts';

let idp: DevIdp;
let token: string;
let target: Target;
beforeAll(async () => {
  idp = await startDevIdp({ quiet: true });
  token = await idp.mintToken({ subject: 'caller', scopes: ['echo:call'] });
});
afterEach(() => target.remove());
afterAll(() => idp.close());

const eras = { modern, legacy };
const call = (era: keyof typeof eras, name: string, args: object): SendOptions =>
  eras[era]('tools/call', { name, arguments: args }, { token });
const echo = (era: keyof typeof eras): Promise<Answer> => send(target.url, call(era, 'echo', { text: 'hello' }));

const dying: readonly [string, string, object, () => void][] = [
  ['ends itself', 'crash', { mode: 'exit' }, () => undefined],
  ['is killed', 'sleep', { ms: 60_000 }, () => void target.process.kill('SIGKILL')],
  [
    'is killed in the middle of a stream',
    'sleep',
    { ms: 60_000, progress: true },
    () => void target.process.kill('SIGKILL'),
  ],
];

describe('a process that', () => {
  for (const [name, tool, args, kill] of dying) {
    verifies(
      ['WALK-09-DURABLE-FIRST', 'WALK-11-ABORTED', 'WALK-11-ONE-OUTCOME', 'G-13'],
      `${name} in the tool leaves the decision behind, and the next start ends it as aborted (G-13)`,
      async () => {
        target = await startTarget({ issuer: idp.issuer });
        const running = (['modern', 'legacy'] as const).map((era) => openCall(target.url, call(era, tool, args)));
        await waitFor(() => target.effects().length >= 1 || undefined, 'the tool to run');
        kill();
        const statuses = await Promise.all(running.map(({ ended }) => ended));
        // A stream may have begun; nothing was answered.
        expect(statuses.filter((status) => status !== undefined && status !== 200)).toEqual([]);
        await waitFor(
          () => target.process.exitCode ?? target.process.signalCode ?? undefined,
          'the end of the process',
        );

        // What ran had its decision on disk before.
        const decisions = (): AuditRecord[] => target.records().filter(({ type }) => type === 'mcp.decision');
        const ran = target.effects().length;
        expect(decisions().length).toBeGreaterThanOrEqual(ran);
        expect(target.records().filter(({ type }) => type === 'mcp.outcome')).toEqual([]);
        const left = decisions();

        const { folder } = target;
        target = await startTarget({ issuer: idp.issuer, folder });
        const outcomes = target.records().filter(({ type }) => type === 'mcp.outcome');
        expect(outcomes.map(({ call: of, outcome }) => ({ of, status: outcome?.status }))).toEqual(
          left.map(({ call: of }) => ({ of, status: 'aborted' })),
        );
        expect((await echo('modern')).status).toBe(200);
        await target.stop();
        expect(await checkCompleteness(target.auditDirectory)).toMatchObject({ complete: true });
      },
    );
  }
});

async function ready(): Promise<{ status: number; audit: { ok: boolean } }> {
  const answer = await fetch(`${target.origin}/readyz`);
  const { checks } = (await answer.json()) as { checks: { audit: { ok: boolean } } };
  return { status: answer.status, audit: checks.audit };
}

/** The one record that accounts for what was lost. */
async function gap(): Promise<AuditRecord> {
  limitFileSize(target.process.pid, 'unlimited');
  const record = await target.waitForRecord(({ type }) => type === 'audit.gap');
  await waitFor(async () => ((await ready()).status === 200 ? true : undefined), 'readiness');
  expect(target.records().filter(({ type }) => type === 'audit.gap')).toHaveLength(1);
  return record;
}

describe('when the log can not be written any more', () => {
  verifies(
    ['WALK-09-STRICT', 'G-19'],
    'mode strict answers 503, runs nothing, is not ready, and goes on when it can (G-19)',
    async () => {
      target = await startTarget({ issuer: idp.issuer });
      expect((await echo('modern')).status).toBe(200);
      expect(await ready()).toEqual({ status: 200, audit: { ok: true } });
      const before = target.effects().length;

      limitFileSize(target.process.pid, 100);
      for (const era of ['modern', 'legacy', 'modern'] as const) {
        const answer = await echo(era);
        expect({ status: answer.status, challenge: answer.headers['www-authenticate'] }).toEqual({ status: 503 });
        expect(answer.headers['retry-after']).toMatch(/^[1-9]\d*$/);
        expect(answer.json).toMatchObject({ id: 1, error: { code: -32_603, data: { code: 'ERR_AUDIT_UNAVAILABLE' } } });
      }
      // Why is for the operator's log: a probe may be anybody.
      expect(await ready()).toEqual({ status: 503, audit: { ok: false } });
      expect(target.stderr()).toContain('EFBIG');
      expect((await fetch(`${target.origin}/healthz`)).status).toBe(200);
      expect(target.effects()).toHaveLength(before);

      // The calls did not happen; what can not be seen any more is that they were refused.
      expect((await gap()).detail).toMatchObject({ count: 3, types: { 'request.refused': 3 } });
      expect((await echo('modern')).status).toBe(200);
      await target.stop();
      expect(await checkCompleteness(target.auditDirectory)).toMatchObject({ complete: false });
    },
  );

  verifies(
    ['WALK-09-STRICT', 'G-19'],
    'mode strict withholds the result of a call that was running (G-19)',
    async () => {
      target = await startTarget({ issuer: idp.issuer });
      const running = openCall(target.url, call('modern', 'sleep', { ms: 300 }));
      await waitFor(() => target.effects()[0], 'the tool to run');
      limitFileSize(target.process.pid, 100);
      expect(await running.ended).toBe(503);
      expect(running.text()).toContain('ERR_AUDIT_UNAVAILABLE');
      expect(running.text()).not.toContain('Slept');
      expect((await ready()).status).toBe(503);

      // The decision is in the log, so its end is owed and written late.
      limitFileSize(target.process.pid, 'unlimited');
      const record = await target.waitForRecord(({ type }) => type === 'mcp.outcome');
      expect(record).toMatchObject({ outcome: { status: 'ok' }, detail: { late: true } });
      await target.stop();
      expect(await checkCompleteness(target.auditDirectory)).toMatchObject({ complete: true });
    },
  );

  verifies(
    ['WALK-09-AVAILABLE', 'G-19'],
    'mode available goes on, and the gap is recorded with its exact count (G-19)',
    async () => {
      // The effects file would be limited too; the answers show that the tool ran.
      target = await startTarget({
        issuer: idp.issuer,
        config: { audit: { mode: 'available' } },
        env: { EFFECTS_FILE: '/dev/null' },
      });
      expect((await echo('modern')).status).toBe(200);
      limitFileSize(target.process.pid, 100);
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, index) => echo(index % 2 === 0 ? 'modern' : 'legacy')),
      );
      expect(answers.map(({ status, text }) => status === 200 && text.includes('hello'))).toEqual(
        answers.map(() => true),
      );
      const refused = await send(
        target.url,
        eras.modern('tools/call', { name: 'write-note', arguments: {} }, { token }),
      );
      expect(refused.status).toBe(403);
      expect(linesOf(target.stderr(), 'sallyport.audit.copy_failed')).toMatchObject([{ copy: 'log' }]);

      expect((await gap()).detail).toMatchObject({ count: 41, types: { 'mcp.decision': 21, 'mcp.outcome': 20 } });
      expect((await echo('modern')).status).toBe(200);
    },
  );
});
