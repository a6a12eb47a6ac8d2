import type { JsonValue } from '@sallyport/core';
import { expect, onTestFinished, test } from 'vitest';
import { checkCompleteness, openAuditLog } from '../../src/index.ts';
import { SlicedWork } from '../../src/log/sliced-work.ts';
import { allow, outcome } from '../support/entries.ts';
import { readAll } from '../support/read-records.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const large: [string, JsonValue][] = [
  ['5 MB of text', { text: 'w '.repeat(2_500_000) }],
  ['10,000 members', Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`m${index}`, `v${index}`]))],
  ['1,000 levels', JSON.parse(`${'['.repeat(1000)}1${']'.repeat(1000)}`) as JsonValue],
  ['100,000 numbers', Array.from({ length: 100_000 }, (_, index) => index)],
];

// @verifies G-06
test.each(large)(
  '%s are recorded in many turns of the event loop, bounded and covered by a digest',
  async (_, value) => {
    const directory = await temporaryDirectory();
    const audit = await openAuditLog({ directory, stream: 'pod-a', hashKey: new Uint8Array(32) });
    onTestFinished(() => audit.close());
    let turns = 0;
    let counting = true;
    const turn = (): void => {
      turns += 1;
      if (counting) setImmediate(turn);
    };
    const entry = { ...allow(), arguments: value };
    const appended = audit.append(entry);
    setImmediate(turn);
    await appended;
    counting = false;
    expect(turns).toBeGreaterThan(1);
    await audit.append(outcome(entry.call));
    await audit.close();
    const { records } = await readAll(directory);
    const decision = records.find(({ call, type }) => call === entry.call && type === 'mcp.decision');
    expect(decision?.redaction?.bytes).toBe(Buffer.byteLength(JSON.stringify(value)));
    expect(JSON.stringify(decision).length).toBeLessThan(100_000);
    expect(await checkCompleteness(directory)).toMatchObject({ complete: true, allows: 1, allowsWithOutcome: 1 });
  },
);

test('closing waits for records that are being made', async () => {
  const directory = await temporaryDirectory();
  const audit = await openAuditLog({ directory, stream: 'pod-a', hashKey: new Uint8Array(32) });
  const appended = Array.from({ length: 5 }, () => audit.append({ ...allow(), arguments: large[0]?.[1] ?? null }));
  await audit.close();
  await Promise.all(appended);
  expect(await checkCompleteness(directory)).toMatchObject({ allows: 5 });
});

test('short work is done at once; long work takes turns, and each step that throws ends its own work alone', async () => {
  const work = new SlicedWork();
  const done: string[] = [];
  const counting = function* (name: string, steps: number, fails = false): Generator<void, string, void> {
    for (let step = 0; step < steps; step++) yield;
    if (fails) throw new Error(name);
    done.push(name);
    return name;
  };
  expect(work.run(counting('short', 0))).toBe('short');
  const long = [work.run(counting('a', 50)), work.run(counting('b', 3)), work.run(counting('c', 2, true))];
  expect(work.waiting).toBe(3);
  expect(await Promise.allSettled(long.map((one) => Promise.resolve(one)))).toMatchObject([
    { value: 'a' },
    { value: 'b' },
    { status: 'rejected', reason: new Error('c') },
  ]);
  expect(done).toEqual(['short', 'b', 'a']);
  await work.drained();
});
