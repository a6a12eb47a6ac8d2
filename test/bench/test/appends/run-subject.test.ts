import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

import { subjectNames } from '../../src/appends/protocol.ts';
import { runSubject } from '../../src/appends/run-subject.ts';
import { SampledTimes } from '../../src/appends/sampled-times.ts';

test.each(subjectNames)('%s is measured and leaves nothing behind', async (subject) => {
  const directory = await mkdtemp(join(tmpdir(), 'sallyport-appends-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const result = await runSubject({ subject, durationMs: 200 }, directory);
  expect(result.wrong).toBeUndefined();
  expect(result.records).toBeGreaterThan(0);
  expect(result.p50Micros).toBeLessThanOrEqual(result.p999Micros);
  expect(await readdir(directory)).toEqual([]);
});

test('quantiles are of the times that were added, in microseconds', () => {
  const times = new SampledTimes();
  for (let ms = 100; ms > 0; ms -= 1) times.add(ms);
  expect(times.quantiles([0, 0.5, 0.99])).toEqual([1000, 51_000, 100_000]);
  expect(new SampledTimes().quantiles([0.5])).toEqual([NaN]);
});
