import type { Command } from 'commander';
import type { Finish } from '../program.ts';
import type { CommandIo } from '../terminal/command-io.ts';
import { addCommonOptions, type CommonOptions } from '../terminal/common-options.ts';
import { createOutput } from '../terminal/output.ts';

const help = `
Reads the file as a server does at its start, with \${env:…}, \${file:…} and the environment, and the
Server Card that it names. It contacts no issuer and writes nothing. Secrets are never shown.

Examples:
  $ sallyport config check sallyport.config.yaml
  $ sallyport config check prod.json --json | jq .config.audit

Exit codes:
  0  a server would start with it
  1  something is wrong in it: the first mistake is shown, with what to do
  2  the file can not be read`;

export function addCheckCommand(parent: Command, io: CommandIo, finish: Finish): void {
  addCommonOptions(parent.command('check'))
    .description('check a config file and show its effective values')
    .argument('<file>', 'the config file: .json, .yaml or .yml')
    .addHelpText('after', help)
    .action(async (file: string, options: CommonOptions) => {
      const { checkConfig } = await import('./check-config.ts');
      finish(await checkConfig(file, io.env, createOutput(io, options)));
    });
}
