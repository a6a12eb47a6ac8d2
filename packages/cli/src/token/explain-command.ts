import type { Command } from 'commander';
import type { Finish } from '../program.ts';
import type { CommandIo } from '../terminal/command-io.ts';
import { addCommonOptions, type CommonOptions } from '../terminal/common-options.ts';
import { createOutput } from '../terminal/output.ts';

interface ExplainOptions extends CommonOptions {
  readonly config?: string;
  readonly tokenFile?: string;
  readonly keys?: string;
}

const help = `
Checks the token as a server with this config would, and then every claim for itself, so that all that
is wrong is told at once. The verdict is the server's. Neither the token nor its signature is printed;
its claims are. With --keys nothing is contacted; without, the keys are fetched from the issuer, and
the issuer is asked about an opaque token.

Whoever can see the list of processes or the history of the shell sees an argument: prefer
--token-file, or - for stdin.

Examples:
  $ sallyport token explain --token-file token.txt -c prod.yaml
  $ pbpaste | sallyport token explain - --keys jwks.json --json

Exit codes:
  0  the server would accept it, where it has to with its proof of possession
  1  the server would refuse it
  2  could not run: wrong usage, the issuer can not be reached, something can not be read`;

export function addExplainCommand(parent: Command, io: CommandIo, finish: Finish): void {
  addCommonOptions(
    parent
      .command('explain')
      .description('say claim by claim whether the server would accept a token')
      .argument('[token]', 'the token, or - to read it from stdin')
      .option('-c, --config <file>', 'the config file of the server (default: sallyport.config.yaml)')
      .option('--token-file <file>', 'the file that holds the token')
      .option('--keys <file>', 'a JWK Set: check offline with these keys'),
  )
    .addHelpText('after', help)
    .action(async (token: string | undefined, { config, tokenFile, keys: keysFile, ...options }: ExplainOptions) => {
      const { explain } = await import('./explain.ts');
      const request = { token, config, tokenFile, keysFile };
      finish(await explain(request, { io, output: createOutput(io, options) }));
    });
}
