import { InvalidArgumentError, type Command } from 'commander';
import type { Finish } from '../../program.ts';
import type { CommandIo } from '../../terminal/command-io.ts';
import { addCommonOptions, type CommonOptions } from '../../terminal/common-options.ts';
import { createOutput } from '../../terminal/output.ts';

interface FetchOptions extends CommonOptions {
  readonly tokenFile?: string;
  readonly endpoint?: string;
  readonly server: boolean;
  readonly allowInsecure?: true;
  readonly allowPrivateAddresses?: true;
  readonly timeout: number;
}

const help = `
Finds the card as a client does, by the AI Catalog, at the well-known location or below the endpoint,
checks it, and asks the server whether it is what the card says. Nothing it says is believed: a card
that was fetched decides about nobody's access.

Only https to public addresses is fetched, at most 1 MiB, and redirects only within one site. The token
is sent only to the site that was named, or to --endpoint; it is never printed.

Examples:
  $ sallyport card fetch mcp.example.com
  $ sallyport card fetch https://mcp.example.com/mcp --token-file token.txt
  $ sallyport card fetch http://127.0.0.1:8080/mcp --allow-insecure --json

Exit codes:
  0  the card is right, as far as it could be checked
  1  something in the card is wrong, or the server contradicts it
  2  there is no card to be had, or wrong usage`;

export function addFetchCommand(parent: Command, io: CommandIo, finish: Finish, version: string): void {
  addCommonOptions(
    parent
      .command('fetch')
      .description('find the card of any server, check it, compare it with the server')
      .argument('<source>', 'a domain, an MCP endpoint, or the URL of a card')
      .option('--token-file <file>', 'ask the server with the access token in this file')
      .option('--endpoint <url>', 'compare with the server at this MCP endpoint')
      .option('--no-server', 'do not ask the server')
      .option('--allow-insecure', 'allow http and loopback addresses, on this machine only')
      .option('--allow-private-addresses', 'allow private addresses, as inside a company')
      .option('--timeout <seconds>', 'how long to look for the card, and to wait for each answer', seconds, 10),
  )
    .addHelpText('after', help)
    .action(async (source: string, options: FetchOptions) => {
      const { tokenFile, endpoint, server: compare, timeout } = options;
      const { fetchCard } = await import('./fetch-card.ts');
      const wanted = {
        source,
        tokenFile,
        endpoint,
        compare,
        allowInsecure: options.allowInsecure === true,
        allowPrivateAddresses: options.allowPrivateAddresses === true,
        timeoutMs: timeout * 1000,
        version,
      };
      finish(await fetchCard(wanted, createOutput(io, options)));
    });
}

function seconds(text: string): number {
  if (!/^[1-9][0-9]{0,2}$/.test(text)) throw new InvalidArgumentError('Expected a number of seconds from 1 to 999.');
  return Number(text);
}
