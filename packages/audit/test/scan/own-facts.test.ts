import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { CreateScanTask } from '../../src/index.ts';
import { scanAuditLogWith } from '../../src/scan/scan-audit-log.ts';
import { auditRecord, closedStory } from '../support/story.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

/** Decisions, with or without the records that end their calls. */
const decisions: CreateScanTask<{ readonly byOwnFacts: boolean; readonly texts: readonly string[] }, undefined> = ({
  byOwnFacts,
  texts,
}) => ({
  byOwnFacts,
  hints: { texts },
  fits: ({ type }) => type === 'mcp.decision',
  take: (record) => `${record.type} ${record.seq}`,
});

test('a task that selects records by their own facts gets no ends of calls, wherever a piece ends', async () => {
  const directory = await temporaryDirectory();
  const story = [...closedStory, ...closedStory].map((fields, seq) => auditRecord({ ...fields, seq }));
  const lines = story.map((record) => `${JSON.stringify(record)}\n`);
  await writeFile(join(directory, `audit-pod-a-${'0'.repeat(20)}.jsonl`), lines.join(''));
  const wanted = story.filter(({ type }) => type === 'mcp.decision').map(({ seq }) => `mcp.decision ${Number(seq)}`);
  for (const pieceBytes of [64, 1000, 1 << 20]) {
    for (const texts of [[], ['"decision"'], ['"decision"', '"mcp.decision"']]) {
      const rows: string[] = [];
      const scan = (byOwnFacts: boolean) =>
        scanAuditLogWith(directory, { create: decisions, module: '', data: { byOwnFacts, texts } }, pieceBytes);
      for await (const piece of scan(true)) rows.push(...piece.rows);
      expect(rows).toEqual(wanted);
      let all = 0;
      for await (const piece of scan(false)) all += piece.rows.length;
      expect(all).toBeGreaterThan(wanted.length);
    }
  }
});
