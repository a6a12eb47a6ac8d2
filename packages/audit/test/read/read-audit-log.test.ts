import { appendFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readAuditLog, type ReadRecord } from '../../src/index.ts';
import { DeadWriter, started, stopped } from '../support/dead-writer.ts';
import { deny } from '../support/entries.ts';
import { readAll, typesOf } from '../support/read-records.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

test('records come in the order of stream and number, each with its place', async () => {
  const directory = await temporaryDirectory();
  await new DeadWriter(directory, 'b').begin(started);
  const writer = new DeadWriter(directory, 'a');
  const first = await writer.begin(started, deny());
  const second = await writer.begin(stopped());
  const items: ReadRecord[] = [];
  for await (const item of readAuditLog(directory)) items.push(item);
  expect(items.map(({ stream, file, line }) => [stream, file, line])).toEqual([
    ['a', first, 1],
    ['a', first, 2],
    ['a', second, 1],
    ['b', 'audit-b-00000000000000000000.jsonl', 1],
  ]);
  const bytes = await readFile(join(directory, first));
  expect(items[1]?.offset).toBe(bytes.indexOf('\n') + 1);
});

test('one stream can be read alone', async () => {
  const directory = await temporaryDirectory();
  await new DeadWriter(directory, 'a').begin(started);
  await new DeadWriter(directory, 'a-2').begin(started, stopped());
  expect(typesOf((await readAll(directory, 'a-2')).records)).toEqual(['audit.started', 'audit.stopped']);
});

test('an empty directory is an empty log', async () => {
  expect(await readAll(await temporaryDirectory())).toEqual({ records: [], findings: [] });
});

test('a directory that is not there is a mistake', async () => {
  await expect(readAll('/nowhere')).rejects.toMatchObject({ code: 'ERR_AUDIT_DIRECTORY', file: '/nowhere' });
});

test('damage is reported where it stands, and reading goes on behind it', async () => {
  const directory = await temporaryDirectory();
  const file = await new DeadWriter(directory, 'a').begin(started, deny(), deny());
  const path = join(directory, file);
  const lines = (await readFile(path, 'utf8')).split('\n');
  lines[1] = 'not a record';
  await writeFile(path, `${lines.join('\n')}{"torn`);
  const { records, findings } = await readAll(directory);
  expect(records.map(({ seq }) => seq)).toEqual([0, 2]);
  expect(findings).toMatchObject([
    { code: 'unparsable', file, line: 2, problem: 'the line is not JSON' },
    { code: 'torn', file, line: 4, problem: 'the last line is not finished' },
  ]);
});

test('records of another stream are not taken for records of this one', async () => {
  const directory = await temporaryDirectory();
  const file = await new DeadWriter(directory, 'b').begin(started);
  await rename(join(directory, file), join(directory, file.replace('audit-b-', 'audit-a-')));
  expect(await readAll(directory)).toMatchObject({
    records: [],
    findings: [{ code: 'foreign', stream: 'a', line: 1 }],
  });
});

test('records that a later segment replaces are told apart', async () => {
  const directory = await temporaryDirectory();
  const old = await new DeadWriter(directory, 'a').begin(started, deny(), deny());
  await new DeadWriter(directory, 'a', 2).begin(deny());
  const { records, findings } = await readAll(directory);
  expect(records.map(({ seq }) => seq)).toEqual([0, 1, 2]);
  expect(findings).toMatchObject([{ code: 'superseded', file: old, line: 3 }]);
});

test('a segment that can not be read is a finding, and the others are read', async () => {
  const directory = await temporaryDirectory();
  await mkdir(join(directory, 'audit-a-00000000000000000000.jsonl'));
  await new DeadWriter(directory, 'a', 4).begin(started);
  const { records, findings } = await readAll(directory);
  expect(records).toHaveLength(1);
  expect(findings).toMatchObject([{ code: 'unreadable', line: 0, problem: 'the segment can not be read (EISDIR)' }]);
});

test('other files of the directory are not read', async () => {
  const directory = await temporaryDirectory();
  const file = await new DeadWriter(directory, 'a').begin(started);
  await appendFile(join(directory, `${file}.torn`), 'x');
  await appendFile(join(directory, `${file}.new`), 'x');
  await appendFile(join(directory, 'audit-a.lock'), 'x');
  expect(await readAll(directory)).toMatchObject({ records: { length: 1 }, findings: [] });
});

test('who waits is told how many bytes of all have been read', async () => {
  const directory = await temporaryDirectory();
  const writer = new DeadWriter(directory, 'a');
  const files = [await writer.begin(started, deny()), await writer.begin(stopped())];
  const sizes = await Promise.all(files.map(async (file) => (await readFile(join(directory, file))).length));
  const all = sizes.reduce((sum, size) => sum + size, 0);
  const told: (readonly number[])[] = [];
  for await (const item of readAuditLog(directory, { onProgress: (...bytes) => told.push(bytes) })) {
    expect(item.kind).toBe('record');
  }
  expect(told.map(([, of]) => of)).toEqual(told.map(() => all));
  const done = told.map(([bytes = 0]) => bytes);
  expect(done).toEqual(done.toSorted((a, b) => a - b));
  expect(done.at(-1)).toBe(all);
});
