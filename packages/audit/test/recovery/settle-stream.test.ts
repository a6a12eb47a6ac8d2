import { appendFile, mkdir, readdir, readFile, rename, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { settleStream } from '../../src/recovery/settle-stream.ts';
import { DeadWriter, started, stopped } from '../support/dead-writer.ts';
import { allow, deny, outcome } from '../support/entries.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

test('a stream that never was begins with number 0', async () => {
  expect(await settleStream(await temporaryDirectory(), 'a')).toEqual({
    finished: true,
    nextSeq: 0,
    closing: [],
    facts: {},
    damaged: 0,
  });
});

test('a closed stream has nothing to settle, and goes on behind its last record', async () => {
  const directory = await temporaryDirectory();
  const writer = new DeadWriter(directory, 'a');
  const call = allow();
  const file = await writer.begin(started, call, outcome(call.call), stopped());
  expect(await settleStream(directory, 'a')).toMatchObject({
    finished: true,
    nextSeq: 4,
    closing: [],
    facts: { previous: file },
  });
});

test('what a dead writer left open is closed as aborted, each attempt once', async () => {
  const directory = await temporaryDirectory();
  const writer = new DeadWriter(directory, 'a');
  const [ended, open, streaming] = [allow(), allow(), allow()];
  await writer.begin(
    started,
    ended,
    open,
    deny(),
    streaming,
    { type: 'stream.opened', call: streaming.call },
    outcome(ended.call),
  );
  expect(await settleStream(directory, 'a')).toMatchObject({
    finished: false,
    nextSeq: 7,
    facts: { aborted: 3 },
    closing: [
      { type: 'mcp.outcome', call: open.call, outcome: { status: 'aborted' } },
      { type: 'mcp.outcome', call: streaming.call, outcome: { status: 'aborted' } },
      { type: 'stream.closed', call: streaming.call, outcome: { status: 'aborted' } },
    ],
  });
});

test('a writer that closed its log with calls in flight left them open', async () => {
  const directory = await temporaryDirectory();
  const call = allow();
  await new DeadWriter(directory, 'a').begin(started, call, stopped(1));
  expect(await settleStream(directory, 'a')).toMatchObject({ finished: false, closing: [{ call: call.call }] });
});

test('an attempt is followed across the segments of one start', async () => {
  const directory = await temporaryDirectory();
  const writer = new DeadWriter(directory, 'a');
  const [first, second] = [allow(), allow()];
  await writer.begin(started, first, second);
  await writer.begin({ type: 'audit.rotated' }, outcome(first.call));
  expect((await settleStream(directory, 'a')).closing.map(({ call }) => call)).toEqual([second.call]);
});

test('segments before the last start are not read: that start has closed what they left', async () => {
  const directory = await temporaryDirectory();
  const writer = new DeadWriter(directory, 'a');
  const old = await writer.begin(started, allow());
  const call = allow();
  await writer.begin(started, call);
  await writer.begin({ type: 'audit.rotated' });
  // Reading it would fail now.
  await rename(join(directory, old), join(directory, 'elsewhere'));
  await mkdir(join(directory, old));
  expect((await settleStream(directory, 'a')).closing).toMatchObject([{ call: call.call }]);
});

test('what was never acknowledged is not open', async () => {
  const directory = await temporaryDirectory();
  const writer = new DeadWriter(directory, 'a');
  const kept = allow();
  await writer.begin(started, kept, allow(), allow());
  // The second segment takes over at number 2, as after a failed sync.
  await new DeadWriter(directory, 'a', 2).begin({ type: 'audit.rotated' });
  expect(await settleStream(directory, 'a')).toMatchObject({ nextSeq: 3, closing: [{ call: kept.call }] });
});

test('an unfinished last record is copied aside and named, and the segment stays as it is', async () => {
  const directory = await temporaryDirectory();
  const file = await new DeadWriter(directory, 'a').begin(started, deny());
  const path = join(directory, file);
  const intact = await readFile(path);
  await appendFile(path, '{"v":1,"id":"torn');
  const settled = await settleStream(directory, 'a');
  expect(settled).toMatchObject({ nextSeq: 2, damaged: 0 });
  expect(settled.facts).toEqual({
    previous: file,
    torn: [
      {
        file,
        offset: intact.length,
        bytes: 17,
        sha256: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
        kept: `${file}.torn`,
      },
    ],
  });
  expect(await readFile(`${path}.torn`, 'utf8')).toBe('{"v":1,"id":"torn');
  expect((await readFile(path)).subarray(0, intact.length)).toEqual(intact);
  expect((await readFile(path)).length).toBe(intact.length + 17);
});

test('a start that dies after setting an end aside does not set it aside twice', async () => {
  const directory = await temporaryDirectory();
  const file = await new DeadWriter(directory, 'a').begin(started);
  await appendFile(join(directory, file), 'torn');
  expect(await settleStream(directory, 'a')).toEqual(await settleStream(directory, 'a'));
  expect((await readdir(directory)).sort()).toEqual([file, `${file}.torn`]);
});

test('earlier remains of the same name are kept', async () => {
  const directory = await temporaryDirectory();
  const file = await new DeadWriter(directory, 'a').begin(started);
  await writeFile(join(directory, `${file}.torn`), 'earlier');
  await appendFile(join(directory, file), 'torn');
  expect((await settleStream(directory, 'a')).facts).toMatchObject({ torn: [{ kept: `${file}.torn.1` }] });
  expect(await readFile(join(directory, `${file}.torn`), 'utf8')).toBe('earlier');
});

test('a segment without a single record makes room for the next one of its name', async () => {
  const directory = await temporaryDirectory();
  const writer = new DeadWriter(directory, 'a');
  const first = await writer.begin(started, deny());
  await appendFile(join(directory, first), 'torn too');
  const second = await writer.begin(started);
  await truncate(join(directory, second), 20);
  const settled = await settleStream(directory, 'a');
  expect(settled).toMatchObject({
    nextSeq: 2,
    facts: { previous: first, torn: [{ file: second, bytes: 20 }, { file: first }] },
  });
  expect((await readdir(directory)).sort()).toEqual([first, `${first}.torn`, `${second}.torn`]);
});

test('an empty segment makes room as well', async () => {
  const directory = await temporaryDirectory();
  const writer = new DeadWriter(directory, 'a');
  const first = await writer.begin(started);
  const second = await writer.begin(started);
  await truncate(join(directory, second), 0);
  expect(await settleStream(directory, 'a')).toMatchObject({
    nextSeq: 1,
    facts: { previous: first, torn: [{ file: second, bytes: 0 }] },
  });
});

test('damage in the middle is counted and named, and nothing is repaired', async () => {
  const directory = await temporaryDirectory();
  const writer = new DeadWriter(directory, 'a');
  const call = allow();
  const file = await writer.begin(started, deny(), call);
  const path = join(directory, file);
  const lines = (await readFile(path, 'utf8')).split('\n');
  lines[1] = '{"edited":true}';
  await writeFile(path, lines.join('\n'));
  const settled = await settleStream(directory, 'a');
  expect(settled).toMatchObject({ nextSeq: 3, damaged: 1, closing: [{ call: call.call }] });
  expect(settled.facts).toMatchObject({ damaged: { count: 1, lines: [{ file, line: 2 }] } });
  expect(await readFile(path, 'utf8')).toBe(lines.join('\n'));
});

test('numbers of damaged lines at the end are not given away again', async () => {
  const directory = await temporaryDirectory();
  const file = await new DeadWriter(directory, 'a').begin(started, deny());
  await appendFile(join(directory, file), 'rubbish\nrubbish\n');
  // Of the two the first is damage, since a line follows it; the last may be a crash.
  expect(await settleStream(directory, 'a')).toMatchObject({ nextSeq: 3, damaged: 1 });
});

test('records of another stream are damage', async () => {
  const directory = await temporaryDirectory();
  const file = await new DeadWriter(directory, 'b').begin(started, allow());
  await rename(join(directory, file), join(directory, file.replace('audit-b-', 'audit-a-')));
  expect(await settleStream(directory, 'a')).toMatchObject({ damaged: 2, closing: [] });
});

test('very much damage is counted, and named only in part', async () => {
  const directory = await temporaryDirectory();
  const file = await new DeadWriter(directory, 'a').begin(started);
  await appendFile(join(directory, file), 'rubbish\n'.repeat(1000));
  const settled = await settleStream(directory, 'a');
  expect(settled.damaged).toBe(999);
  expect(settled.facts).toMatchObject({ damaged: { count: 999, lines: { length: 16 } } });
});
