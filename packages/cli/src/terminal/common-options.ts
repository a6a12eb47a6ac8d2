import type { Command } from 'commander';

export interface CommonOptions {
  readonly json?: true;
  readonly quiet?: true;
}

/** The options of every command. */
export function addCommonOptions(command: Command): Command {
  return command
    .option('--json', 'print JSON for machines: data on stdout, problems on stderr')
    .option('-q, --quiet', 'print no messages, only data and problems');
}
