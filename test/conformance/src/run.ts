import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { readExpectedFailures } from './judge/expected-failures.ts';
import { findLosses } from './judge/find-losses.ts';
import { findUnexpected } from './judge/find-unexpected.ts';
import { formatTable } from './judge/format-table.ts';
import { startBareServer } from './servers/bare-server.ts';
import { startGuardedServer } from './servers/guarded-server.ts';
import type { ServerUnderTest } from './servers/server-under-test.ts';
import { readResults } from './suite/read-results.ts';
import { runSuite } from './suite/run-suite.ts';
import type { ScenarioResult } from './suite/scenario-result.ts';

const revisions = ['2026-07-28', '2025-11-25'];
const expectedFailuresFile = fileURLToPath(new URL('../expected-failures.yaml', import.meta.url));
/** All four runs together take about half a minute; a first download of the suite comes on top. */
const timeoutMs = 230_000;

const interrupted = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => interrupted.abort());
const signal = AbortSignal.any([interrupted.signal, AbortSignal.timeout(timeoutMs)]);

const directory = await mkdtemp(join(tmpdir(), 'sallyport-conformance-'));
const problems: string[] = [];
try {
  const expected = await readExpectedFailures(expectedFailuresFile);
  for (const revision of revisions) {
    const bare = await judge(revision, 'bare', expected, () => startBareServer());
    const guarded = await judge(revision, 'guarded', expected, (folder) => startGuardedServer(folder));
    problems.push(...findLosses(bare, guarded).map((loss) => `${revision}: ${loss}`));
    process.stdout.write(`${formatTable(revision, bare, guarded, expected)}\n\n`);
  }
} catch (error) {
  problems.push(`not finished: ${error instanceof Error ? error.message : String(error)}`);
} finally {
  await rm(directory, { recursive: true, force: true });
}

for (const problem of problems) process.stdout.write(`FAIL  ${problem}\n`);
process.stdout.write(problems.length === 0 ? 'conformance: passed\n' : `conformance: ${problems.length} problems\n`);
process.exitCode = problems.length === 0 ? 0 : 1;

/** Runs one requirement set against one server and notes what is not as it should be. */
async function judge(
  revision: string,
  mode: 'bare' | 'guarded',
  expected: ReadonlySet<string>,
  start: (directory: string) => Promise<ServerUnderTest>,
): Promise<ScenarioResult[]> {
  const outputDirectory = join(directory, revision, mode);
  await mkdir(outputDirectory, { recursive: true });
  const server = await start(join(directory, `${revision}-${mode}-server`));
  const note = (problem: string): void => void problems.push(`${revision} ${mode}: ${problem}`);
  try {
    const run = await runSuite({ url: server.url, revision, expectedFailuresFile, outputDirectory, signal });
    const results = await readResults(outputDirectory);
    if (run.exitCode !== 0) note(`the suite ended with ${run.exitCode ?? 'a signal'}:\n${run.log.slice(-2000)}`);
    if (results.length === 0 || results.length !== run.scenarios) {
      note(`${results.length} of ${run.scenarios} scenarios left a result`);
    }
    for (const problem of findUnexpected(results, expected)) note(problem);
    return results;
  } finally {
    for (const problem of await server.close()) note(problem);
  }
}
