import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verifyAuditLog } from '@sallyport/audit';
import { expect, onTestFinished, test } from 'vitest';

import { writeLog } from '../../src/verify/write-log.ts';

test('the log of the bench is one that verifies', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'sallyport-bench-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const key = await writeLog(directory, 3000);
  const report = await verifyAuditLog(directory, { keys: [key] });
  expect(report).toMatchObject({ exitCode: 0, records: 6000, covered: 6000, allows: 3000, findings: [] });
});
