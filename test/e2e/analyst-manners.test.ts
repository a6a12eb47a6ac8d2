import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { debianProgram } from '../../packages/core/test/support/debian-program.ts';
import { builtCommand } from '../../packages/cli/test/support/built-command.ts';
import { analystCommandNames, analystCommands, type AnalystCommand } from './support/analyst-commands.ts';
import { makeAnalystLog, type AnalystLog } from './support/analyst-log.ts';
import { runCli } from './support/cli.ts';
import { verifies } from './support/verifies.ts';

const handbook = readFileSync(new URL('../../docs/auditors-handbook.md', import.meta.url), 'utf8');

let log: AnalystLog;
let copy: string;
let count = 0;
beforeAll(async () => {
  log = await makeAnalystLog();
  copy = path.join(log.folder, 'copy');
  cpSync(log.auditDirectory, copy, { recursive: true });
});
afterAll(() => log.target.remove());

const outFile = (): string => path.join(log.folder, `out-${(count += 1)}`);

/** Every file of a folder with its content. */
function contents(folder: string): Map<string, string> {
  return new Map(readdirSync(folder).map((name) => [name, readFileSync(path.join(folder, name), 'latin1')]));
}

verifies(
  'ANALYST-READING-RECORDED',
  'leaves a record of who read what, of the log that a config file names',
  async () => {
    for (const name of analystCommandNames) {
      if (name === 'verify') continue;
      const before = log.target.records().length;
      const args = [
        'audit',
        ...analystCommands[name]({ log: ['--config', log.configFile], out: outFile(), stream: 'target' }),
      ];
      const { code, stderr } = await runCli(args);
      expect({ name, code, stderr }).toMatchObject({ code: 0, stderr: expect.not.stringContaining('warning') });
      const recorded = log.target
        .records()
        .filter(({ stream }) => stream.startsWith('cli-'))
        .filter(({ detail }) => (detail as { command?: string } | undefined)?.command === `audit ${name}`);
      const exported = name === 'export' || name === 'report';
      expect(recorded.map(({ type, detail }) => [type, (detail as { state: string }).state])).toEqual([
        ['audit.read', 'begun'],
        [exported ? 'audit.exported' : 'audit.read', 'ended'],
      ]);
      for (const { detail } of recorded) expect(detail).toMatchObject({ by: { uid: process.getuid?.() } });
      if (exported) expect(JSON.stringify(recorded[1]?.detail)).toMatch(/"sha256":"(?:sha256:)?[0-9a-f]{64}"/);
      expect(log.target.records().length).toBeGreaterThan(before);
    }
  },
);

verifies('ANALYST-READING-RECORDED', 'changes nothing in a folder that is named on its own', async () => {
  const before = contents(copy);
  for (const name of analystCommandNames)
    await runCli(['audit', ...analystCommands[name]({ log: [copy], out: outFile() })]);
  expect(contents(copy)).toEqual(before);
});

verifies(
  'ANALYST-QUIET',
  'prints no colours and no progress into a pipe, asks nothing, and is quiet when asked',
  async () => {
    for (const name of analystCommandNames) {
      const { code, stdout, stderr } = await runCli([
        'audit',
        ...analystCommands[name]({ log: [copy], out: outFile() }),
        '-q',
      ]);
      expect({ name, code: name === 'verify' ? 0 : code, stderr }).toEqual({ name, code: 0, stderr: '' });
      expect({ name, text: stdout }).toEqual({ name, text: expect.not.stringMatching(/[\u001b\r]/) });
    }
  },
);

verifies(
  'ANALYST-QUIET',
  'prints no colours on a terminal when NO_COLOR is set',
  async () => {
    // Gives a command a terminal.
    const script = await debianProgram('script', 'bsdutils', 'that NO_COLOR is kept on a terminal');
    if (script === undefined) return;
    const colours = (name: AnalystCommand, env: Record<string, string>): string[] => {
      const words = [
        process.execPath,
        builtCommand,
        'audit',
        ...analystCommands[name]({ log: [copy], out: outFile() }),
      ];
      const { stdout, error } = spawnSync(script, ['-qec', words.join(' '), '/dev/null'], {
        env: { PATH: process.env['PATH'], TERM: 'xterm', ...env },
        encoding: 'utf8',
      });
      if (error !== undefined) throw error;
      return stdout.match(/\u001b\[[0-9;]*m/g) ?? [];
    };
    expect(colours('show', {})).not.toEqual([]);
    for (const name of analystCommandNames)
      expect({ name, colours: colours(name, { NO_COLOR: '1' }) }).toEqual({ name, colours: [] });
  },
  320_000,
);

verifies('ANALYST-QUIET', 'with --json prints only JSON, one value a line', async () => {
  for (const name of analystCommandNames) {
    const { stdout } = await runCli(['audit', ...analystCommands[name]({ log: [copy], out: outFile() }), '--json']);
    const lines = stdout.trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) expect(() => JSON.parse(line) as unknown, `${name}: ${line}`).not.toThrow();
  }
});

verifies('ANALYST-EXIT-CODES', 'has the exit codes that the table of the handbook and its own help name', async () => {
  const codes = tableCodes();
  expect([...codes.keys()].toSorted()).toEqual(analystCommandNames.toSorted());
  for (const [name, table] of codes) {
    const { stdout } = await runCli(['audit', name, '--help']);
    const [, listed = ''] = stdout.split('\nExit codes:\n');
    const help = [...listed.matchAll(/^ {2}([0-9]) {2}\S/gm)].map(([, code]) => Number(code));
    expect({ name, help }).toEqual({ name, help: table });
  }
});

/** The exit codes of each command in the table of the handbook: those whose cell says something. */
function tableCodes(): Map<string, number[]> {
  const codes = new Map<string, number[]>();
  const section = handbook.slice(handbook.indexOf('\n| command '));
  for (const [, names = '', cells = ''] of section.matchAll(/^\| (`[a-z`, ]+`) +\| (.*) \|$/gm)) {
    const listed = cells.split(' | ').flatMap((cell, code) => (cell.trim() === '-' ? [] : [code]));
    for (const [, name = ''] of names.matchAll(/`([a-z]+)`/g)) codes.set(name, listed);
  }
  return codes;
}
