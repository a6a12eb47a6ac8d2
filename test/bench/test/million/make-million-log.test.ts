import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkCompleteness, readAuditLog, verifyAuditLog } from '@sallyport/audit';
import { expect, it, onTestFinished } from 'vitest';
import { makeMillionLog, millionSpan } from '../../src/million/make-million-log.ts';
import { createSteadyRandom } from '../../src/million/steady-random.ts';

async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'sallyport-million-test-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

interface Fact {
  readonly at: string;
  readonly text: string;
}

async function factsOf(directory: string): Promise<Fact[]> {
  const facts: Fact[] = [];
  for await (const item of readAuditLog(directory)) {
    if (item.kind !== 'record' || item.record.type.startsWith('audit.')) continue;
    const { type, at, call, actor, target, decision, outcome, stream } = item.record;
    facts.push({ at, text: JSON.stringify([stream, type, call, actor?.sub, target?.name, decision, outcome]) });
  }
  return facts;
}

it('a large log is complete and verifies: several streams and segments, with the facts that were asked for', async () => {
  const directory = await temporaryDirectory();
  await makeMillionLog(directory, { records: 1200, segmentBytes: 200_000 });
  const { complete, streams, findings } = await checkCompleteness(directory);
  expect([complete, findings]).toEqual([true, []]);
  expect(streams.map(({ stream, segments }) => [stream, segments > 1])).toEqual([
    ['pod-0', true],
    ['pod-1', true],
    ['pod-2', true],
  ]);
  const { exitCode } = await verifyAuditLog(directory, {});
  // The keys are those of the log itself.
  expect(exitCode).toBe(3);
  const facts = await factsOf(directory);
  // One more where the last fact of a stream began a call.
  expect(facts.length - 1200).toBeLessThanOrEqual(3);
  expect(facts.length).toBeGreaterThanOrEqual(1197);
  const end = millionSpan.fromMs + millionSpan.days * 86_400_000;
  for (const { at } of facts) {
    expect(Date.parse(at)).toBeGreaterThanOrEqual(millionSpan.fromMs);
    expect(Date.parse(at)).toBeLessThanOrEqual(end + 6 * 3_600_000);
  }
  expect((await readdir(directory)).some((name) => name.endsWith('.checkpoint'))).toBe(true);
});

it('a large log has the same facts in every run', async () => {
  const [one, two] = [await temporaryDirectory(), await temporaryDirectory()];
  await makeMillionLog(one, { records: 300 });
  await makeMillionLog(two, { records: 300 });
  expect(await factsOf(two)).toEqual(await factsOf(one));
});

it('steady numbers are the same for the same seed and stay below their limit', () => {
  const [one, two] = [createSteadyRandom(7), createSteadyRandom(7)];
  for (let turn = 0; turn < 1000; turn += 1) {
    const number = one.below(10);
    expect(number).toBe(two.below(10));
    expect(number >= 0 && number < 10).toBe(true);
  }
  expect(new Set(Array.from({ length: 1000 }, () => one.popular(['a', 'b', 'c']))).size).toBe(3);
});
