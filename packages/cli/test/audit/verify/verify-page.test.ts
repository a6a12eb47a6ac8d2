import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findingKinds } from '@sallyport/audit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { calls, closedStory, signingKey, signSegment, writeSegment } from '../../support/audit-log.ts';
import { expectPage, runPage } from '../../support/console-page.ts';

const file = new URL('../../../../../docs/audit-verify.md', import.meta.url);
const page = readFileSync(file, 'utf8');
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

describe('the page about verification', () => {
  it('shows what its commands print, when they are run one after the other', async () => {
    const ran = await runPage(page, { cwd: directory });
    expect(ran.length).toBeGreaterThan(5);
    expectPage(file, ran);
  });

  it('explains every finding with its verdict, aspect and next step, and no other', () => {
    const sections = page.split(/^### /m).slice(1);
    expect(sections.map((section) => section.slice(0, section.indexOf('\n')))).toEqual(Object.keys(findingKinds));
    for (const section of sections) {
      const code = section.slice(0, section.indexOf('\n')) as keyof typeof findingKinds;
      const { verdict, aspect, next } = findingKinds[code];
      expect(section).toContain(`\n**${verdict}**, ${aspect}. `);
      expect(section).toContain(`\nNext: ${next}.\n`);
    }
  });
});
