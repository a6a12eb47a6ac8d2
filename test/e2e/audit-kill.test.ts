import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { checkCompleteness, verifyAuditLog } from '@sallyport/audit';
import { startDevIdp, type DevIdp } from '@sallyport/dev-idp';
import { afterAll, beforeAll, expect } from 'vitest';
import { modern, send } from './support/mcp-request.ts';
import { startTarget, type Target } from './support/target.ts';
import { verifies } from './support/verifies.ts';

/** Kills; the nightly run makes more of them. */
const rounds = Number(process.env['ROUNDS'] ?? 20);
const callers = 12;

let idp: DevIdp;
let token: string;
beforeAll(async () => {
  idp = await startDevIdp({ quiet: true });
  token = await idp.mintToken({ subject: 'caller', scopes: ['echo:call'] });
});
afterAll(() => idp.close());

/** Calls without end until the target is gone; gives the calls that were answered. Each names itself in its user agent. */
async function load(target: Target, round: number): Promise<string[]> {
  const answered: string[] = [];
  let number = 0;
  const caller = async (): Promise<void> => {
    for (;;) {
      number += 1;
      const name = `round-${round}-call-${number}`;
      const message = modern('tools/call', { name: 'echo', arguments: { text: name } }, { token });
      try {
        const answer = await send(target.url, { ...message, headers: { ...message.headers, 'user-agent': name } });
        if (answer.status === 200 && answer.text.includes(name)) answered.push(name);
      } catch {
        return;
      }
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return answered;
}

verifies(
  ['AUDIT-KILL', 'WALK-09-DURABLE-FIRST', 'WALK-11-ABORTED'],
  'kill -9 under load at random moments: every answered call is in the log, and nothing ran without a decision (G-13)',
  async () => {
    const answered: string[] = [];
    // Small segments, so that some die in the moment in which one follows another.
    const config = { audit: { rotate: { bytes: 100_000 } } };
    let target = await startTarget({ issuer: idp.issuer, config });
    const { folder } = target;
    try {
      for (let round = 0; round < rounds; round++) {
        if (round > 0) target = await startTarget({ issuer: idp.issuer, config, folder });
        const loaded = load(target, round);
        await delay(randomInt(20, 600));
        const exited = once(target.process, 'exit');
        target.process.kill('SIGKILL');
        await exited;
        answered.push(...(await loaded));
      }
      target = await startTarget({ issuer: idp.issuer, config, folder });
      await target.stop();
      const records = target.records();
      const calls = new Map<string, string | undefined>();
      const ended = new Set<string | undefined>();
      for (const { type, call, source, outcome } of records) {
        if (type === 'mcp.decision' && source?.userAgent !== undefined) calls.set(source.userAgent, call);
        if (type === 'mcp.outcome' && outcome?.status === 'ok') ended.add(call);
      }
      expect(answered.length).toBeGreaterThan(rounds);
      expect(answered.filter((name) => !ended.has(calls.get(name)))).toEqual([]);
      expect(target.effects().length).toBeLessThanOrEqual(calls.size);
      const report = await checkCompleteness(target.auditDirectory);
      expect(report.findings).toEqual([]);
      expect(report).toMatchObject({ complete: true, missing: 0, lost: 0, streams: [{ closed: true }] });
      expect(report.allowsWithOutcome).toBe(report.allows);
      const verified = await verifyAuditLog(target.auditDirectory);
      expect(verified).toMatchObject({ time: 'PASS', completeness: 'PASS', missing: 0, exitCode: 3 });
      expect(verified.covered).toBe(verified.records);
      // No key is pinned, and what was written since the last checkpoint before a kill was signed by the next start only.
      const codes = new Set(verified.findings.map(({ code }) => code));
      codes.delete('adopted_unsigned');
      expect([...codes]).toEqual(['key_unpinned']);
    } finally {
      await target.remove();
    }
  },
  30_000 + rounds * 10_000,
);
