import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { analystCommandNames, analystCommands, type AnalystCommand } from './support/analyst-commands.ts';
import { makeAnalystLog, type AnalystLog } from './support/analyst-log.ts';
import { runCli } from './support/cli.ts';
import { damages, firstSegment } from './support/damaged-logs.ts';
import { verifies } from './support/verifies.ts';

/** `hash` reads keys and no records. */
const readers = analystCommandNames.filter((name) => name !== 'hash');

let log: AnalystLog;
let count = 0;
beforeAll(async () => {
  log = await makeAnalystLog();
});
afterAll(() => log.target.remove());

async function run(command: AnalystCommand, folder: string, as: { readonly obeysPermissions?: boolean } = {}) {
  count += 1;
  const out = path.join(log.folder, `out-${count}`);
  const ran = await runCli(['audit', ...analystCommands[command]({ log: [folder], out })], as);
  const wrote = existsSync(out);
  return { ...ran, wrote, page: wrote && command === 'report' ? readFileSync(out, 'utf8') : '' };
}

verifies('ANALYST-DAMAGED', 'of a segment that the user may not read, every command says so', async () => {
  const folder = path.join(log.folder, `copy-${(count += 1)}`);
  cpSync(log.auditDirectory, folder, { recursive: true });
  chmodSync(firstSegment(folder), 0);
  for (const name of readers) {
    const { code, stdout, stderr, page } = await run(name, folder, { obeysPermissions: true });
    expect({ name, code }).toEqual({ name, code: name === 'prove' ? 2 : 1 });
    expect({ name, told: stdout + stderr + page }).toEqual({ name, told: expect.stringMatching(/EACCES/) });
  }
});

describe('on a folder that', () => {
  for (const damage of damages) {
    verifies('ANALYST-DAMAGED', `${damage.is}, every command says so`, async () => {
      const folder = path.join(log.folder, `copy-${(count += 1)}`);
      cpSync(log.auditDirectory, folder, { recursive: true });
      damage.make(folder);
      const ran = await Promise.all(readers.map(async (name) => ({ name, ...(await run(name, folder)) })));
      const codes = Object.fromEntries(ran.map(({ name, code }) => [name, code]));
      expect(codes).toEqual({
        ...Object.fromEntries(readers.map((name) => [name, damage.code])),
        ...damage.but,
      });
      for (const { name, code, stdout, stderr, wrote, page } of ran) {
        // What verify and report have to say of the damage is data.
        const told = { verify: stdout + stderr, report: page + stderr }[name as string] ?? stderr;
        expect({ name, told }).toEqual({ name, told: expect.stringMatching(damage.says) });
        if (code === 2 && name !== 'verify')
          expect({ name, stdout, wrote }).toEqual({ name, stdout: '', wrote: false });
      }
    });
  }
});

verifies('ANALYST-DAMAGED', 'where there is no log or no key, the hash of a value is not computed', async () => {
  const without = path.join(log.folder, 'without-keys');
  cpSync(log.auditDirectory, without, { recursive: true, filter: (file) => !file.endsWith('.key') });
  const empty = path.join(log.folder, 'empty');
  mkdirSync(empty);
  for (const folder of [without, empty, path.join(log.folder, 'nowhere')]) {
    const { code, stdout, stderr } = await run('hash', folder);
    expect({ folder, code, stdout, stderr }).toEqual({
      folder,
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/ERR_AUDIT_(?:KEY|DIRECTORY)/),
    });
  }
});
