import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { expect, test } from 'vitest';

import type { Report } from '../src/report/report.ts';

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));

test('One short run prints a table, writes JSON with the same figures and leaves nothing behind.', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'bench-main-'));
  try {
    const json = join(directory, 'report.json');
    const args = ['--rows', 'node-http', '--rounds', '1', '--round-ms', '20', '--json', json, '--directory', directory];
    const { stdout } = await promisify(execFile)(process.execPath, [main, ...args]);
    const report = JSON.parse(await readFile(json, 'utf8')) as Report;
    expect(report.measurements.map(({ cell, rounds }) => [cell.connections, rounds.length])).toEqual([
      [1, 1],
      [16, 1],
    ]);
    expect(stdout).toContain(String(Math.round(report.measurements[0]?.rounds[0]?.callsPerSecond ?? NaN)));
    expect(stdout).toContain(report.machine.node);
    expect(await readdir(directory)).toEqual(['report.json']);
  } finally {
    await rm(directory, { recursive: true });
  }
});

test('The checks of tokens can be run alone.', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'bench-main-'));
  try {
    const json = join(directory, 'report.json');
    const size = ['--rounds', '1', '--round-ms', '10', '--invalid-tokens', '40'];
    const args = ['--rows', 'tokens', ...size, '--json', json, '--directory', directory];
    const { stdout } = await promisify(execFile)(process.execPath, [main, ...args]);
    const report = JSON.parse(await readFile(json, 'utf8')) as Report;
    expect(report.measurements).toEqual([]);
    expect(report.tokens?.cases.every(({ rounds }) => rounds.length === 1)).toBe(true);
    expect(report.tokens?.flood).toMatchObject({ tokens: 40 });
    expect(stdout).toContain('CPU µs to check a token');
    expect(await readdir(directory)).toEqual(['report.json']);
  } finally {
    await rm(directory, { recursive: true });
  }
});
