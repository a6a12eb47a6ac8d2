import { appendFile, readdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { OperationalLogger } from '@sallyport/core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createSigningKey, openAuditLog, signNote, type OpenAuditLogOptions } from '../../src/index.ts';
import { namesOf } from '../support/check-evidence.ts';
import { crashedLog } from '../support/crashed-log.ts';
import { DeadWriter, started } from '../support/dead-writer.ts';
import { allow, deny } from '../support/entries.ts';
import { deadPid, writeLock } from '../support/foreign-lock.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const base = { stream: 'pod-a', hashKey: new Uint8Array(32).fill(7), origin: 'log.example' };

async function open(directory: string, options: Partial<OpenAuditLogOptions> = {}) {
  const log = await openAuditLog({ directory, ...base, ...options });
  onTestFinished(() => log.close());
  return log;
}

/** A log of two segments, closed. */
async function closedLog(): Promise<string> {
  const directory = await temporaryDirectory();
  for (let round = 0; round < 2; round++) {
    const log = await open(directory);
    for (let index = 0; index < 5; index++) await log.append(deny());
    await log.close();
  }
  return directory;
}

async function last(directory: string, ending: string): Promise<string> {
  return join(directory, (await namesOf(directory, 'pod-a', ending)).at(-1) ?? '');
}

async function contents(directory: string): Promise<Record<string, string>> {
  const names = (await readdir(directory)).toSorted();
  const entries = names.map(
    async (name) => [name, (await readFile(join(directory, name))).toString('latin1')] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}

const edit = async (path: string, change: (text: string) => string): Promise<void> =>
  writeFile(path, change(await readFile(path, 'utf8')));

const drills: readonly (readonly [string, (directory: string) => Promise<unknown>])[] = [
  [
    'a record that was altered',
    async (directory) =>
      edit(await last(directory, '.jsonl'), (text) =>
        text.replace('192', '193').replace('insufficient_scope', 'insufficient_scopf'),
      ),
  ],
  [
    'a record that was deleted',
    async (directory) => edit(await last(directory, '.jsonl'), (text) => text.split('\n').toSpliced(2, 1).join('\n')),
  ],
  [
    'two records that changed places',
    async (directory) =>
      edit(await last(directory, '.jsonl'), (text) => {
        const lines = text.split('\n');
        return lines.toSpliced(1, 2, lines[2] ?? '', lines[1] ?? '').join('\n');
      }),
  ],
  [
    'a record that was put in',
    async (directory) =>
      edit(await last(directory, '.jsonl'), (text) => {
        const lines = text.split('\n');
        return lines.toSpliced(2, 0, lines[1] ?? '').join('\n');
      }),
  ],
  [
    'a last record that was cut off',
    async (directory) =>
      edit(await last(directory, '.jsonl'), (text) => text.slice(0, text.lastIndexOf('\n', text.length - 2) + 1)),
  ],
  [
    'a last record that was torn: it was signed',
    async (directory) => {
      const path = await last(directory, '.jsonl');
      await truncate(path, (await readFile(path)).length - 1);
    },
  ],
  ['a last segment that was emptied', async (directory) => truncate(await last(directory, '.jsonl'), 0)],
  ['a last segment that was removed', async (directory) => rm(await last(directory, '.jsonl'))],
  [
    'all segments removed',
    async (directory) => {
      for (const name of await namesOf(directory, 'pod-a', '.jsonl')) await rm(join(directory, name));
    },
  ],
  [
    'a checkpoint with another size',
    async (directory) => edit(await last(directory, '.checkpoint'), (text) => text.replace('\n14\n', '\n13\n')),
  ],
  ['a checkpoint that was emptied', async (directory) => truncate(await last(directory, '.checkpoint'), 0)],
  [
    'a checkpoint without its signature',
    async (directory) => edit(await last(directory, '.checkpoint'), (text) => text.slice(0, text.indexOf('\u2014'))),
  ],
  [
    'a checkpoint of a key that is not known',
    async (directory) =>
      edit(await last(directory, '.checkpoint'), (text) =>
        signNote(text.slice(0, text.indexOf('\n\n') + 1), [createSigningKey('log.example/pod-a', Buffer.alloc(32, 9))]),
      ),
  ],
  [
    'a frontier and a segment that were rewritten together',
    async (directory) => {
      const path = await last(directory, '.frontier');
      await edit(path, (text) =>
        text.replace(/"hashes":\["./, (found) => `${found.slice(0, -1)}${found.endsWith('A') ? 'B' : 'A'}`),
      );
    },
  ],
];

describe('a start on a log with', () => {
  // @verifies AUDIT-EVIDENCE-TAMPERED
  test.each(drills)('%s is refused, and nothing is changed', async (_, tamper) => {
    const directory = await closedLog();
    await tamper(directory);
    const before = await contents(directory);
    await expect(open(directory)).rejects.toMatchObject({
      code: 'ERR_AUDIT_TAMPERED',
      file: expect.stringContaining(directory),
      remedy: expect.stringContaining('nothing was changed'),
    });
    expect(await contents(directory)).toEqual(before);
  });

  test.each(drills)('%s goes on in mode available: it is said, and nothing is signed any more', async (_, tamper) => {
    const directory = await closedLog();
    await tamper(directory);
    const before = await contents(directory);
    const said: string[] = [];
    const say = (_facts: object, message: string): void => void said.push(message);
    const logger: OperationalLogger = { info: () => undefined, warn: () => undefined, error: say };
    const log = await open(directory, { mode: 'available', log: logger });
    await log.append(deny());
    expect(said.join()).toContain('ERR_AUDIT_TAMPERED');
    expect(log.status()).toMatchObject({ writable: true, problem: expect.stringContaining('nothing is signed') });
    await log.close();
    const after = await contents(directory);
    for (const name of Object.keys(before).filter((one) => /\.(checkpoint|frontier|pub)$/.test(one))) {
      expect(after[name], name).toBe(before[name]);
    }
    await expect(open(directory)).rejects.toMatchObject({ code: 'ERR_AUDIT_TAMPERED' });
  });
});

test('what was written after the newest checkpoint may be torn by a crash: that is recovery, not tampering', async () => {
  const { directory, nextSeq } = await crashedLog(base);
  const writer = new DeadWriter(directory, 'pod-a', nextSeq);
  const file = await writer.begin(started, allow(), deny());
  await appendFile(join(directory, file), '{"v":1,"half');
  const log = await open(directory);
  await log.close();
  expect(await readdir(directory)).toContain(`${file}.torn`);
});

test('records behind the newest checkpoint that were altered are not noticed at a start: nothing was signed yet', async () => {
  const { directory, nextSeq } = await crashedLog(base);
  const writer = new DeadWriter(directory, 'pod-a', nextSeq);
  const file = await writer.begin(started, deny());
  await edit(join(directory, file), (text) => text.replace('insufficient_scope', 'insufficient_scopf'));
  await (await open(directory)).close();
});

test('the stream of a dead writer that was tampered with is left as it is, and does not stop the start', async () => {
  const directory = await temporaryDirectory();
  const old = await open(directory, { stream: 'pod-old' });
  await old.append(allow());
  await old.close();
  const [segment] = await namesOf(directory, 'pod-old', '.jsonl');
  await edit(join(directory, segment ?? ''), (text) => text.slice(0, text.lastIndexOf('\n', text.length - 2) + 1));
  await writeLock(directory, 'pod-old', { pid: await deadPid() });
  const said: object[] = [];
  const logger: OperationalLogger = {
    info: () => undefined,
    warn: () => undefined,
    error: (facts) => void said.push(facts),
  };
  await (await open(directory, { log: logger })).close();
  expect(said).toMatchObject([{ stream: 'pod-old', error: expect.stringContaining('ERR_AUDIT_TAMPERED') }]);
  expect(await namesOf(directory, 'pod-old', '.jsonl')).toEqual([segment]);
});

test('a checkpoint of another stream is none of this one', async () => {
  const directory = await closedLog();
  const other = await open(directory, { stream: 'pod-b' });
  await other.close();
  const [theirs] = await namesOf(directory, 'pod-b', '.checkpoint');
  await rename(join(directory, theirs ?? ''), await last(directory, '.checkpoint'));
  await expect(open(directory)).rejects.toMatchObject({ code: 'ERR_AUDIT_TAMPERED' });
});
