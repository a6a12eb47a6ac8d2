import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readOptions, usage, type Options } from './options.ts';
import { runBench } from './run-bench.ts';
import { formatReport } from './report/format-report.ts';

try {
  const options = readOptions(process.argv.slice(2));
  if (options === 'help') process.stdout.write(usage);
  else await main(options);
} catch (error) {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

async function main(options: Options): Promise<void> {
  const parent = options.directory ?? tmpdir();
  await mkdir(parent, { recursive: true });
  const directory = await mkdtemp(join(parent, 'sallyport-bench-'));
  try {
    const report = await runBench(options, directory);
    process.stdout.write(`${formatReport(report)}\n`);
    if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(report, undefined, 2)}\n`);
    const { measurements, policy, documents = [], tokens, audit, verify, telemetry = [], analyst = [] } = report;
    const figures = [
      ...measurements,
      ...documents,
      ...(policy === undefined ? [] : [...policy.decisions, ...policy.lists]),
      ...(tokens === undefined ? [] : [...tokens.cases, tokens.flood]),
      ...(audit ? [audit] : []),
      ...(verify ? [verify] : []),
      ...telemetry,
      ...analyst,
    ];
    if (figures.some((figure) => figure.void !== undefined)) process.exitCode = 1;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
