import type { Command } from 'commander';
import type { Finish } from '../program.ts';
import type { CommandIo } from '../terminal/command-io.ts';
import { addCommonOptions, type CommonOptions } from '../terminal/common-options.ts';
import { createOutput } from '../terminal/output.ts';

const help = `
Validates the card against SEP-2127 and its policy in _meta["dev.sallyport/access"], looks for
credentials in what would be published, and prints who may call what. Of a card that is not valid
all mistakes are shown, the first 20 in words. A WARN is about something that is valid and looks
like a mistake; it fails nothing.

Examples:
  $ sallyport card lint server-card.json
  $ sallyport card lint server-card.json --json | jq '.targets[] | select(.scopes == [])'

Exit codes:
  0  the card is valid
  1  the card is not valid, or would publish a credential
  2  the file can not be read`;

export function addLintCommand(parent: Command, io: CommandIo, finish: Finish): void {
  addCommonOptions(parent.command('lint'))
    .description('check a Server Card and show the policy it declares')
    .argument('<file>', 'the Server Card: .json, .yaml or .yml')
    .addHelpText('after', help)
    .action(async (file: string, options: CommonOptions) => {
      const { lintCard } = await import('./lint-card.ts');
      finish(await lintCard(file, createOutput(io, options)));
    });
}
