import type { Command } from 'commander';
import type { Finish } from '../program.ts';
import type { CommandIo } from '../terminal/command-io.ts';
import { addCommonOptions, type CommonOptions } from '../terminal/common-options.ts';
import { createOutput } from '../terminal/output.ts';

interface DiffOptions extends CommonOptions {
  readonly card?: string;
  readonly config?: string;
  readonly url?: string;
  readonly tokenFile?: string;
}

const help = `
Compares a card with what a server has: + is registered and not in the card, so nobody can reach
it; - is in the card and not registered. With --config, signInScopes must be declared; with --url,
so must scopes_supported, and the two must be the same (!). Hidden targets and their scopes are
counted, never named. The server itself makes the same comparison at start.

Examples:
  $ sallyport card diff --card server-card.json dist/build-server.js
  $ sallyport card diff --config prod.yaml --url https://mcp.example.com/mcp --token-file token.txt

Exit codes:
  0  the card and the server agree
  1  they differ
  2  could not check: wrong usage, the card is not valid, the server can not be listed`;

export function addDiffCommand(parent: Command, io: CommandIo, finish: Finish, version: string): void {
  addCommonOptions(
    parent
      .command('diff')
      .description('compare a Server Card with what a server registers')
      .argument('[module]', 'the built ES module that exports buildServer')
      .option('--card <file>', 'the Server Card')
      .option('-c, --config <file>', 'the config file that names the card, and has signInScopes')
      .option('--url <url>', 'ask this running server instead of a module')
      .option('--token-file <file>', 'use the access token in this file'),
  )
    .addHelpText('after', help)
    .action(async (module: string | undefined, { card, config, url, tokenFile, ...options }: DiffOptions) => {
      const { diffCard } = await import('./diff-card.ts');
      finish(await diffCard({ module, card, config, url, tokenFile, version }, io, createOutput(io, options)));
    });
}
