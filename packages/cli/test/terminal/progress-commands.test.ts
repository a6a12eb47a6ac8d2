import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { auditDirectory, closedStory, signSegment, temporaryDirectory } from '../support/audit-log.ts';
import { run } from '../support/run.ts';

/** A clock on which everything takes long. */
function slowClock(): () => number {
  let ms = 0;
  return () => (ms += 5000);
}

const erase = '\r\u001B[2K';

describe.each([
  ['verify', 'verifying', []],
  ['report', 'reading', ['--out', 'report.html']],
  ['export', 'exporting', ['--format', 'jsonl', '--out', 'export']],
] as const)('audit %s of a large log', (verb, label, [option, value, ...more]) => {
  const command = async (): Promise<string[]> => {
    const directory = await auditDirectory(closedStory);
    await signSegment(directory);
    const folder = await temporaryDirectory();
    const last = more.length === 0 ? [value] : [value, ...more];
    const out = last.map((part) => (part === 'report.html' || part === 'export' ? join(folder, part) : part));
    return ['audit', verb, directory, ...(option === undefined ? [] : [option, ...out])].filter(
      (part) => part !== undefined,
    );
  };

  it('shows on a terminal how far it is, and takes the line away', async () => {
    const { stderr } = await run(await command(), { columns: 120, monotonicMs: slowClock() });
    const lines = stderr.split(erase);
    expect(lines.length).toBeGreaterThan(2);
    for (const line of lines.slice(1, -1)) expect(line).toMatch(new RegExp(`^${label} {2}[ \\d]{1,2}\\d %`));
    expect(lines.at(-1)).not.toContain(label);
  });

  it('is quiet in a pipe', async () => {
    const { stderr } = await run(await command(), { monotonicMs: slowClock() });
    expect(stderr).not.toContain('\u001B');
    expect(stderr).not.toContain(label);
  });
});
