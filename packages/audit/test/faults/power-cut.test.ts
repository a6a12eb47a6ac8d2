import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { checkCompleteness, openAuditLog } from '../../src/index.ts';
import { allow, outcome } from '../support/entries.ts';
import { afterPowerCut, PowerCutDisk, type Snapshot } from '../support/power-cut-disk.ts';
import { readAll } from '../support/read-records.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

interface Cut {
  readonly snapshot: Snapshot;
  /** Calls that were told by then that their decision is durable. */
  readonly acknowledged: readonly string[];
}

/** Writes under load, and cuts the power at many moments. Gives what was acknowledged and is not in the log afterwards. */
async function lostInPowerCuts(disk: PowerCutDisk): Promise<string[]> {
  const [directory, cuts] = [await temporaryDirectory(), await temporaryDirectory()];
  const options = { stream: 'pod-a', hashKey: new Uint8Array(32), rotate: { bytes: 20_000 } };
  const audit = await openAuditLog({ ...options, directory, fileSystem: disk });
  onTestFinished(() => audit.close());
  const acknowledged: string[] = [];
  const moments: Cut[] = [];
  let running = true;
  const work = async (): Promise<void> => {
    while (running) {
      const entry = allow();
      await audit.append(entry);
      acknowledged.push(entry.call);
      if (acknowledged.length % 40 === 0) moments.push({ snapshot: disk.snapshot(), acknowledged: [...acknowledged] });
      if (moments.length >= 20) running = false;
      await audit.append(outcome(entry.call));
    }
  };
  await Promise.all(Array.from({ length: 8 }, work));
  const lost = new Set<string>();
  for (const [index, { snapshot, acknowledged: told }] of moments.entries()) {
    const left = join(cuts, String(index));
    await afterPowerCut(directory, snapshot, left);
    await (await openAuditLog({ ...options, directory: left })).close();
    const { records } = await readAll(left);
    const calls = new Set(records.map(({ call }) => call));
    for (const call of told) if (!calls.has(call)) lost.add(call);
    if (lost.size === 0) expect(await checkCompleteness(left)).toMatchObject({ complete: true, missing: 0 });
  }
  return [...lost];
}

test(
  'whatever was acknowledged before a power cut is in the log, with its segments changing',
  { timeout: 60_000 },
  async () => {
    expect(await lostInPowerCuts(new PowerCutDisk())).toEqual([]);
  },
);

// The test above is worth something only when it can fail.
test('a sync that is acknowledged too early is found out', { timeout: 60_000 }, async () => {
  const lost = await lostInPowerCuts(new PowerCutDisk(true)).catch((error: unknown) => [String(error)]);
  expect(lost.length).toBeGreaterThan(0);
});
