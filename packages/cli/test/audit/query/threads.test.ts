import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { allowed, auditRecord, denied, outcome, temporaryDirectory } from '../../support/audit-log.ts';
import { builtCommand } from '../../support/built-command.ts';
import { run, runBuilt } from '../../support/run.ts';

/** A log that is large enough to be read in several threads. */
async function largeLog(): Promise<string> {
  const directory = await temporaryDirectory();
  const lines: string[] = [];
  for (let call = 0; call < 26_000; call += 1) {
    const id = `00000000-0000-4000-8000-${String(call).padStart(12, '0')}`;
    const sub = `user-${call % 7}`;
    const decision = call % 10 === 0 ? denied(id, sub, 'write-note') : allowed(id, sub, `tool-${call % 3}`);
    lines.push(JSON.stringify(auditRecord({ seq: lines.length, ...decision, detail: 'x'.repeat(400) })));
    if (call % 10 !== 0)
      lines.push(JSON.stringify(auditRecord({ seq: lines.length, ...outcome(id), detail: 'x'.repeat(400) })));
  }
  await writeFile(join(directory, `audit-pod-a-${'0'.repeat(20)}.jsonl`), `${lines.join('\n')}\n`);
  return directory;
}

it('a large log is read in several threads, with the same answers', async () => {
  const directory = await largeLog();
  for (const options of [
    ['--group-by', 'subject,tool', '--json'],
    ['--subject', 'user-3', '--decision', 'deny', '--json'],
    ['--sql', 'SELECT tool, count(*) AS n, sum(bytes) AS b FROM calls GROUP BY ALL ORDER BY ALL', '--json'],
  ]) {
    const args = ['audit', 'query', directory, ...options];
    const [here, built] = [await run(args), await runBuilt(args)];
    expect([built.code, built.stderr]).toEqual([0, '']);
    expect(built.stdout).toBe(here.stdout);
    expect(built.stdout).not.toBe('');
  }
}, 120_000);

it('a query that is interrupted leaves nothing behind', async () => {
  const [directory, temporary] = [await largeLog(), await temporaryDirectory()];
  const args = [builtCommand, 'audit', 'query', directory, '--sql', 'SELECT count(*) FROM range(1000000000000)'];
  const child = spawn(process.execPath, args, { env: { ...process.env, TMPDIR: temporary }, stdio: 'ignore' });
  while ((await readdir(temporary)).length === 0) await sleep(20);
  child.kill('SIGINT');
  const [, signal] = (await once(child, 'close')) as [number | null, string | null];
  expect(signal).toBe('SIGINT');
  expect(await readdir(temporary)).toEqual([]);
}, 120_000);
