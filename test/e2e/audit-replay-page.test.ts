import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { expectPage, runPage } from '../../packages/cli/test/support/console-page.ts';
import { makeAnalystLog, type AnalystLog } from './support/analyst-log.ts';
import { verifies } from './support/verifies.ts';

const ownCard = new URL('../target/server-card.json', import.meta.url);

let log: AnalystLog;
beforeAll(async () => {
  log = await makeAnalystLog();
  copyFileSync(ownCard, path.join(log.folder, 'server-card.json'));
  writeFileSync(path.join(log.folder, 'new-card.json'), changedCard());
});
afterAll(() => log.target.remove());

function changedCard(): string {
  const document = JSON.parse(readFileSync(ownCard, 'utf8')) as {
    _meta: { 'dev.sallyport/access': { tools: Record<string, object> } };
  };
  const { tools } = document._meta['dev.sallyport/access'];
  tools['write-note'] = { scopes: ['notes:admin'] };
  tools['purge-notes'] = { scopes: ['notes:read'] };
  tools['transfer'] = { ...tools['transfer'], when: "args.amount <= 100 || 'payments:large' in principal.scopes" };
  return JSON.stringify(document);
}

async function check(page: string): Promise<void> {
  const file = new URL(`../../docs/${page}`, import.meta.url);
  const ran = await runPage(readFileSync(file, 'utf8'), { cwd: log.folder });
  expect(ran.length).toBeGreaterThan(0);
  expectPage(file, ran);
}

verifies(
  'REPLAY-DIFFERENCES',
  'the page about replay shows what its commands print',
  () => check('audit-replay.md'),
  60_000,
);

verifies('HASH-FINDS', 'the page about hashes shows what its commands print', () => check('audit-hash.md'), 60_000);
