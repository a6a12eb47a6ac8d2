import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { verifyAuditLog } from '@sallyport/audit';
import type { AuditRecord } from '@sallyport/core';
import { afterAll, beforeAll, expect } from 'vitest';
import { openGuard, type Guard } from './support/guard.ts';
import { verifies } from './support/verifies.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'sallyport-clock-'));
const offsetFile = path.join(folder, 'offset');
const hour = 3_600_000;

let guard: Guard;
beforeAll(async () => {
  const preload = new URL('./support/jump-clock.mjs', import.meta.url).href;
  guard = await openGuard({
    config: { clockSkewSeconds: 300 },
    env: { NODE_OPTIONS: `--import ${preload}`, CLOCK_OFFSET_FILE: offsetFile },
  });
});
afterAll(async () => {
  await guard.close();
  rmSync(folder, { recursive: true, force: true });
});

verifies(
  ['G-23', 'G-22'],
  'a clock that jumps an hour back and a day ahead changes times, not order and durations (G-23)',
  async () => {
    // Tokens are judged by the same clock, so theirs are made to fit.
    const jumps = [0, -hour, 24 * hour, 0];
    for (const offset of jumps) {
      writeFileSync(offsetFile, String(offset));
      const issuedAt = Math.floor((Date.now() + offset) / 1000);
      const claims = { iat: issuedAt, exp: issuedAt + 300 };
      const token = await guard.token({ subject: 'traveller', scopes: ['echo:call'], claims });
      const { answer, userAgent } = await guard.send({ token });
      expect({ offset, status: answer.status }).toEqual({ offset, status: 200 });
      const decision = await guard.target.waitForRecord(({ source }) => source?.userAgent === userAgent);
      await guard.target.waitForRecord(({ type, call }) => type === 'mcp.outcome' && call === decision.call);
    }
    const records = guard.target.records();
    for (const { at } of records) expect(at).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/);
    expect(records.map(({ seq }) => seq)).toEqual(records.map((_, index) => index));
    const monotonic = records.map(({ monoNs }) => BigInt(monoNs));
    expect(monotonic).toEqual(monotonic.toSorted((a, b) => (a < b ? -1 : 1)));
    const outcomes = records.filter(({ type }) => type === 'mcp.outcome');
    expect(outcomes).toHaveLength(jumps.length);
    for (const { outcome } of outcomes) {
      expect(outcome?.durationMs).toBeGreaterThanOrEqual(0);
      expect(outcome?.durationMs).toBeLessThan(hour);
    }
    const wall = records.map(({ at }: AuditRecord) => Date.parse(at));
    expect(wall).not.toEqual(wall.toSorted((a, b) => a - b));

    await guard.target.stop();
    const report = await verifyAuditLog(guard.target.auditDirectory);
    expect(report).toMatchObject({ content: 'PASS', completeness: 'PASS', time: 'UNCONFIRMED' });
    const told = report.findings.filter(({ code }) => code === 'clock_jump').map(({ problem }) => problem);
    expect(told).toHaveLength(3);
    expect(told.join('\n')).toMatch(/back by 36\d\d\.\d s[^]*forward by 9\d{4}\.\d s[^]*back by 86\d{3}\.\d s/);
  },
);
