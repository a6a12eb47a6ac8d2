import type { Command } from 'commander';
import type { Finish } from '../program.ts';
import type { CommandIo } from '../terminal/command-io.ts';
import { addCommonOptions, type CommonOptions } from '../terminal/common-options.ts';
import { createOutput } from '../terminal/output.ts';

interface BuildOptions extends CommonOptions {
  readonly out?: string;
  readonly name?: string;
  readonly cardVersion?: string;
  readonly description?: string;
  readonly url?: string;
  readonly tokenFile?: string;
}

const help = `
Lists the tools, resources, templates and prompts of a server, and writes a card for a person to
finish. Scopes come from _meta["dev.sallyport/access"] of a tool, else from its securitySchemes,
else from scopeChallenge of the SDK (requireScopes). Where nothing says who may use something, its
scopes are null: no server starts with such a card, and "card lint" names what is to be decided.

A file that --out names and that is there is brought up to date: whatever a person decided stays,
and so do rules of what is not registered any more.

The module is imported, so what stands at its top runs; buildServer is called twice, once for each
era of the protocol, and asked for its lists. No tool is called.

Examples:
  $ sallyport card build dist/build-server.js --name com.example/notes --out server-card.json
  $ sallyport card build --url https://mcp.example.com/mcp --token-file token.txt --out card.yaml

Exit codes:
  0  the card was written, also when something in it is to be decided
  2  could not run: wrong usage, the server can not be listed, the file can not be read or written`;

export function addBuildCommand(parent: Command, io: CommandIo, finish: Finish, version: string): void {
  addCommonOptions(
    parent
      .command('build')
      .description('write a Server Card for what a server registers')
      .argument('[module]', 'the built ES module that exports buildServer')
      .option('--out <file>', 'write to this file, .json or .yaml (default: JSON on stdout)')
      .option('--name <name>', 'the name of the card, such as com.example/notes')
      .option('--card-version <version>', 'the version in the card (default: the one of the server)')
      .option('--description <text>', 'the description in the card, at most 100 characters')
      .option('--url <url>', 'ask this running server instead of a module')
      .option('--token-file <file>', 'use the access token in this file'),
  )
    .addHelpText('after', help)
    .action(async (module: string | undefined, options: BuildOptions) => {
      const { out, name, cardVersion, description, url, tokenFile } = options;
      const { buildCard } = await import('./build-card.ts');
      const request = { module, url, tokenFile, out, name, cardVersion, description, version };
      finish(await buildCard(request, io, createOutput(io, options)));
    });
}
