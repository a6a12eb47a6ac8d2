import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { expectPage, runPage } from '../../packages/cli/test/support/console-page.ts';
import { makeAnalystLog, type AnalystLog } from './support/analyst-log.ts';
import { verifies } from './support/verifies.ts';

const file = new URL('../../docs/auditors-handbook.md', import.meta.url);

let log: AnalystLog;
beforeAll(async () => {
  log = await makeAnalystLog();
  writeFileSync(path.join(log.folder, 'new-card.json'), stricterCard());
});
afterAll(() => log.target.remove());

/** Reading a note needs the scope for writing one. */
function stricterCard(): string {
  const card = readFileSync(new URL('../target/server-card.json', import.meta.url), 'utf8');
  return card.replace('"read-note": { "scopes": ["notes:read"] }', '"read-note": { "scopes": ["notes:write"] }');
}

verifies(
  'ANALYST-HANDBOOK',
  "the auditor's handbook shows what its commands print, from the volume to the statement",
  async () => {
    const ran = await runPage(readFileSync(file, 'utf8'), { cwd: log.folder });
    expect(ran.length).toBeGreaterThan(20);
    expectPage(file, ran);
    // Whoever reads the page sees that a command failed.
    for (const [index, { command, actual, code }] of ran.entries()) {
      const told = actual.includes(`exit ${code}`) || ran[index + 1]?.command === 'echo $?';
      expect({ command, failsSilently: code !== 0 && !told }).toEqual({ command, failsSilently: false });
    }
  },
  120_000,
);
