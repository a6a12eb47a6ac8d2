import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { calls, closedStory, signingKey, signSegment, writeSegment } from '../../support/audit-log.ts';
import { expectPage, runPage } from '../../support/console-page.ts';

const file = new URL('../../../../../docs/audit-report.md', import.meta.url);
const directory = mkdtempSync(join(tmpdir(), 'sallyport-docs-'));

beforeAll(async () => {
  for (const name of ['copy', 'altered']) {
    await mkdir(join(directory, name));
    await writeSegment(join(directory, name), closedStory);
    await writeFile(join(directory, 'held.checkpoint'), await signSegment(join(directory, name)));
  }
  await writeFile(join(directory, 'log.pub'), `${signingKey.verifier.vkey}\n`);
  const changed = closedStory.map((fields) => ({
    ...fields,
    ...(fields['call'] === calls.purge && { tampered: true }),
  }));
  await writeSegment(join(directory, 'altered'), changed);
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

it('the page about the report shows what its commands print, when they are run one after the other', async () => {
  const ran = await runPage(readFileSync(file, 'utf8'), { cwd: directory });
  expect(ran.length).toBeGreaterThan(5);
  expectPage(file, ran);
}, 60_000);
