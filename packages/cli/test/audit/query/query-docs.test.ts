import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { recordColumns } from '../../../src/audit/columns/record-columns.ts';
import { groupKeys } from '../../../src/audit/query/groups/group-key.ts';
import { closedStory, signSegment, writeSegment } from '../../support/audit-log.ts';
import { expectPage, runPage } from '../../support/console-page.ts';

const file = new URL('../../../../../docs/audit-query.md', import.meta.url);
const directory = mkdtempSync(join(tmpdir(), 'sallyport-docs-'));

beforeAll(async () => {
  for (const name of ['copy', 'damaged']) {
    await mkdir(join(directory, name));
    await writeSegment(join(directory, name), closedStory);
    await signSegment(join(directory, name));
  }
  const segment = join(directory, 'damaged', `audit-pod-a-${'0'.repeat(20)}.jsonl`);
  const lines = (await readFile(segment, 'utf8')).split('\n');
  await writeFile(segment, lines.toSpliced(3, 1).join('\n'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

it('the page about queries shows what its commands print, when they are run one after the other', async () => {
  const ran = await runPage(readFileSync(file, 'utf8'), { cwd: directory });
  expect(ran.length).toBeGreaterThan(5);
  expectPage(file, ran);
}, 60_000);

it('the page about queries names every column with its type, and every key', () => {
  const page = readFileSync(file, 'utf8');
  const rows = page.split('\n').filter((line) => line.startsWith('| `'));
  for (const { name, type } of recordColumns) {
    const row = rows.find((line) => line.split('|')[1]?.includes(`\`${name}\``));
    expect(row, name).toContain(`\`${type}\``);
  }
  for (const key of groupKeys) expect(page).toContain(`\`${key}\``);
});
