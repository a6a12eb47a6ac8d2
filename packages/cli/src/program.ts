import { readFileSync } from 'node:fs';
import { Command, Help } from 'commander';
import { addExportCommand } from './audit/export/export-command.ts';
import { addHashCommand } from './audit/hash/hash-command.ts';
import { addKeysCommand } from './audit/keys/keys-command.ts';
import { addProveCommand } from './audit/prove/prove-command.ts';
import { addQueryCommand } from './audit/query/query-command.ts';
import { addReportCommand } from './audit/report/report-command.ts';
import { addReplayCommand } from './audit/replay/replay-command.ts';
import { addShowCommand } from './audit/show-command.ts';
import { addCanICommand } from './can-i/can-i-command.ts';
import { addBuildCommand } from './card/build-command.ts';
import { addDiffCommand } from './card/diff-command.ts';
import { addFetchCommand } from './card/fetch/fetch-command.ts';
import { addTailCommand } from './audit/tail/tail-command.ts';
import { addVerifyCommand } from './audit/verify/verify-command.ts';
import { addLintCommand } from './card/lint-command.ts';
import { addSchemaCommand } from './card/schema-command.ts';
import { addCheckCommand } from './config/check-command.ts';
import { addDoctorCommand } from './doctor/doctor-command.ts';
import type { CommandIo } from './terminal/command-io.ts';
import { addExplainCommand } from './token/explain-command.ts';
import { addRevokeCommand } from './token/revoke-command.ts';
import { addTryCommand } from './try/try-command.ts';

const overview = `
Examples:
  $ sallyport config check sallyport.config.yaml
  $ sallyport card lint server-card.json
  $ sallyport can-i --card server-card.json --scopes "notes:read" --tool write-note
  $ sallyport doctor --config prod.yaml --url https://mcp.example.com/mcp
  $ sallyport try read-note --as alice --args '{"id":"1"}'
  $ sallyport audit show ./audit --decision deny --since 2h
  $ sallyport audit verify ./audit --key log.pub

Every command takes --json (data as JSON lines on stdout) and --quiet (no messages on stderr).
Colours: on a terminal, unless NO_COLOR is set.

Exit codes:
  0  ok, or the call was allowed
  1  denied, or a check failed
  2  could not run: wrong usage, something can not be read or reached
  3  audit verify: nothing refuted, something unconfirmed`;

/** Told the exit code of the command that ran. */
export type Finish = (exitCode: number) => void;

/**
 * The whole command line. A command loads what it needs when it runs, so that help and small commands start fast. Wrong usage and help throw a `CommanderError`.
 */
export function createProgram(io: CommandIo, finish: Finish): Command {
  const program = new Command('sallyport')
    .description('Authentication, authorization and audit for MCP servers: check, try and look at a guarded server.')
    .version(version(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .configureHelp({ visibleCommands, subcommandTerm })
    .addHelpText('after', overview)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      writeErr: (text) => void io.stderr.write(text),
      outputError: () => undefined,
      getOutHelpWidth: () => helpWidth(io.stdout),
      getErrHelpWidth: () => helpWidth(io.stderr),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    });
  const config = program.command('config').description('the configuration file').helpCommand(false);
  addCheckCommand(config, io, finish);
  const card = program.command('card').description('the Server Card').helpCommand(false);
  addLintCommand(card, io, finish);
  addBuildCommand(card, io, finish, version());
  addDiffCommand(card, io, finish, version());
  addFetchCommand(card, io, finish, version());
  addSchemaCommand(card, io, finish);
  const audit = program.command('audit').description('the audit log').helpCommand(false);
  addShowCommand(audit, io, finish);
  addQueryCommand(audit, io, finish);
  addTailCommand(audit, io, finish);
  addVerifyCommand(audit, io, finish);
  addProveCommand(audit, io, finish);
  addExportCommand(audit, io, finish);
  addReportCommand(audit, io, finish, version());
  addReplayCommand(audit, io, finish);
  addHashCommand(audit, io, finish);
  addKeysCommand(audit, io, finish);
  const token = program.command('token').description('access tokens').helpCommand(false);
  addExplainCommand(token, io, finish);
  addRevokeCommand(token, io, finish);
  addCanICommand(program, io, finish);
  addDoctorCommand(program, io, finish);
  addTryCommand(program, io, finish, version());
  return program;
}

/** The commands themselves instead of the groups they are in. */
function visibleCommands(command: Command): Command[] {
  return command.commands.flatMap((one) => (one.commands.length > 0 ? visibleCommands(one) : [one]));
}

/** With the group: `audit show [dir]`. */
function subcommandTerm(command: Command): string {
  let group = '';
  for (let parent = command.parent; parent?.parent; parent = parent.parent) group = `${parent.name()} ${group}`;
  return group + new Help().subcommandTerm(command).replace(' [options]', '');
}

function helpWidth(stream: CommandIo['stdout']): number {
  return stream.isTTY === true ? (stream.columns ?? 100) : 100;
}

function version(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
