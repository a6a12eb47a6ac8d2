import { errorPage } from '@sallyport/core';
import { CommanderError } from 'commander';
import { createProgram } from './program.ts';
import type { CommandIo } from './terminal/command-io.ts';
import { Interrupted } from './terminal/interruption.ts';
import { createOutput } from './terminal/output.ts';
import { problemOf, type Problem } from './terminal/problem.ts';

/**
 * Runs one command and resolves to its exit code: 0 ok or allowed, 1 denied or check failed, 2 could not run, 3 unconfirmed. Never rejects, never
 * exits the process.
 *
 * @param args what follows the command's name
 */
export async function runSallyport(args: readonly string[], io: CommandIo): Promise<number> {
  let exitCode = 0;
  const program = createProgram(io, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return 0;
      // The help of a command that needs a sub-command was printed already.
      if (error.code === 'commander.help') return 2;
    }
    if (error instanceof Interrupted) return 0;
    const problem = error instanceof CommanderError ? usageProblem(error, args) : problemOf(error);
    createOutput(io, { json: args.includes('--json') }).problem(problem);
    return 2;
  }
}

const commands: ReadonlySet<string> = new Set([
  'config check',
  'card lint',
  'card build',
  'card diff',
  'card fetch',
  'card schema',
  'audit show',
  'audit query',
  'audit tail',
  'audit verify',
  'audit prove',
  'audit export',
  'audit report',
  'audit replay',
  'audit hash',
  'audit keys list',
  'audit keys pin',
  'audit keys rotate',
  'token explain',
  'token revoke',
  'can-i',
  'doctor',
  'try',
]);

/** Errors whose message repeats what was typed. */
const quoting: ReadonlySet<string> = new Set(['commander.unknownOption', 'commander.excessArguments']);

function usageProblem(error: CommanderError, args: readonly string[]): Problem {
  const [first = '', second = '', third = ''] = args;
  const command = [`${first} ${second} ${third}`, `${first} ${second}`, first].find((name) => commands.has(name));
  const [problem = '', hint] = error.message.replace(/^error: /, '').split('\n', 2);
  // What was typed there may be a token, also when it looks like an option.
  const secret = command === 'token explain' && quoting.has(error.code);
  return {
    code: 'ERR_CLI_USAGE',
    problem: secret ? 'unknown option or too many arguments' : hint === undefined ? problem : `${problem} ${hint}`,
    remedy: `see  sallyport ${command === undefined ? '' : `${command} `}--help`,
    doc: errorPage('ERR_CLI_USAGE'),
  };
}
