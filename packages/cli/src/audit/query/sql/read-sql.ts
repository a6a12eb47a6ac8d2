import { SetupError } from '@sallyport/core';
import type { CommandIo } from '../../../terminal/command-io.ts';

/** Nobody writes more. */
const maxLength = 65_536;

/**
 * The statement of `--sql`: the text itself, or what stdin holds for `-`.
 *
 * @throws SetupError `ERR_CLI_USAGE` when there is none, or it is longer than 65,536 characters.
 */
export async function readSql(argument: string, { stdin }: CommandIo): Promise<string> {
  const sql = argument === '-' ? await textOf(stdin) : argument;
  if (sql.trim() !== '' && sql.length <= maxLength) return sql;
  throw new SetupError({
    code: 'ERR_CLI_USAGE',
    field: '--sql',
    problem: sql.length > maxLength ? `the statement is longer than ${maxLength} characters` : 'there is no statement',
    remedy: 'give one SELECT statement, or - and the statement on stdin',
  });
}

async function textOf(stdin: CommandIo['stdin']): Promise<string> {
  let text = '';
  if (stdin === undefined) return text;
  stdin.setEncoding('utf8');
  for await (const chunk of stdin) {
    text += String(chunk);
    if (text.length > maxLength) break;
  }
  return text;
}
