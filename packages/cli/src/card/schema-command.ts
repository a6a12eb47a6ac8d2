import type { Command } from 'commander';
import type { Finish } from '../program.ts';
import type { CommandIo } from '../terminal/command-io.ts';
import { addCommonOptions, type CommonOptions } from '../terminal/common-options.ts';
import { createOutput } from '../terminal/output.ts';

const help = `
The schema is for editors: with it they complete and check a card while it is written.

Examples:
  $ sallyport card schema > server-card.schema.json

Exit codes:
  0  always`;

export function addSchemaCommand(parent: Command, io: CommandIo, finish: Finish): void {
  addCommonOptions(parent.command('schema'))
    .description('print the JSON Schema of a Server Card with an access policy')
    .addHelpText('after', help)
    .action(async (options: CommonOptions) => {
      const { cardJsonSchema } = await import('@sallyport/card');
      const output = createOutput(io, options);
      await (output.json
        ? output.dataJson(cardJsonSchema())
        : output.data(JSON.stringify(cardJsonSchema(), undefined, 2)));
      finish(0);
    });
}
