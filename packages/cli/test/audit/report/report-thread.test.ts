import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { AuditReport } from '../../../src/audit/report/report-model.ts';
import { allowed, auditRecord, outcome, temporaryDirectory } from '../../support/audit-log.ts';
import { run, runBuilt } from '../../support/run.ts';

/** Enough that it is verified in a thread of its own, which the built command alone has. */
const calls = 36_000;

it('a large log is verified in a thread of its own, with the same result', async () => {
  const directory = await temporaryDirectory();
  const file = await open(join(directory, `audit-pod-a-${'0'.repeat(20)}.jsonl`), 'wx');
  for (let call = 0; call < calls; call += 1) {
    const id = `00000000-0000-4000-8000-${String(call).padStart(12, '0')}`;
    const lines = [allowed(id, `user ${call % 7}`, 'read-note'), outcome(id)].map((fields, index) =>
      JSON.stringify(auditRecord({ seq: call * 2 + index, ...fields })),
    );
    await file.write(`${lines.join('\n')}\n`);
  }
  const { size } = await file.stat();
  await file.close();
  expect(size).toBeGreaterThan(32 * 1024 * 1024);
  const args = ['audit', 'report', directory, '--json'];
  const [here, built] = [await run(args), await runBuilt(args)];
  expect([built.code, built.stderr]).toEqual([0, '']);
  const [own, other] = [here, built].map(({ stdout }) => JSON.parse(stdout) as AuditReport);
  expect(other).toEqual({ ...own, madeAt: other?.madeAt });
  expect(own?.verification.records).toBe(calls * 2);
  const noKey = await runBuilt([...args, '--key', 'log+00000000+AAAA']);
  expect([noKey.code, noKey.stdout]).toEqual([2, '']);
  expect(noKey.stderr).toContain('ERR_AUDIT_KEY');
}, 120_000);
