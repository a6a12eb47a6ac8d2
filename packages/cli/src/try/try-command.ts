import { InvalidArgumentError, Option, type Command } from 'commander';
import type { Finish } from '../program.ts';
import type { CommandIo } from '../terminal/command-io.ts';
import { addCommonOptions, type CommonOptions } from '../terminal/common-options.ts';
import { jsonObjectArgument } from '../terminal/json-object-argument.ts';
import { createOutput } from '../terminal/output.ts';
import { scopeList } from '../terminal/scope-list.ts';
import { serverUrl } from './server-url.ts';

interface TryOptions extends CommonOptions {
  readonly url?: string;
  readonly as?: string;
  readonly tokenFile?: string;
  readonly scope?: readonly string[];
  readonly args?: string;
  readonly timeout: number;
}

const help = `
Calls the tool for real, with the client of the MCP SDK, and says whether that was allowed. The rule
is the one in the card that the server publishes; the full reason is in the server's audit log.
Scopes are never stepped up without being asked.

--as signs in at the development IdP that the server's metadata names, on this machine only. It asks
for the scopes of the tool in the published card, else for those of a first sign-in. For any other
issuer get an access token and use --token-file. Tokens are never printed, and never sent by http to
another machine.

Examples:
  $ sallyport try whoami --as alice
  $ sallyport try write-note --as bob --args '{"id":"1","text":"hi"}'
  $ sallyport try db_query --url https://mcp.example.com/mcp --token-file token.txt --json

Environment:
  SALLYPORT_URL  the MCP endpoint, when there is no --url

Exit codes:
  0  the call was allowed, also when the tool itself reports an error
  1  the call was denied
  2  could not run: wrong usage, no answer, the sign-in failed, the server could not decide`;

export function addTryCommand(parent: Command, io: CommandIo, finish: Finish, version: string): void {
  addCommonOptions(
    parent
      .command('try')
      .description('call a tool of a running server and say whether that was allowed')
      .argument('<tool>', 'the name of the tool')
      .option('--url <url>', 'the MCP endpoint (default: SALLYPORT_URL, else http://127.0.0.1:8080/mcp)')
      .addOption(new Option('--as <user>', 'sign in as this user at a development IdP').conflicts('tokenFile'))
      .option('--token-file <file>', 'use the access token in this file')
      .addOption(
        new Option('--scope <scopes>', 'ask for these scopes at the sign-in, separated by spaces')
          .argParser(scopeList)
          .conflicts('tokenFile'),
      )
      .option('--args <json>', 'the arguments of the tool, a JSON object (default: {})')
      .option('--timeout <seconds>', 'how long to wait for an answer', seconds, 60),
  )
    .addHelpText('after', help)
    .action(async (tool: string, options: TryOptions) => {
      const { as: user, tokenFile, scope: scopes } = options;
      const endpoint = serverUrl(options.url, io.env);
      const args = jsonObjectArgument(options.args);
      const timeoutMs = options.timeout * 1000;
      const output = createOutput(io, options);
      const { tryTool } = await import('./try-tool.ts');
      finish(await tryTool({ tool, endpoint, args, user, scopes, tokenFile, timeoutMs, version }, output));
    });
}

function seconds(text: string): number {
  if (!/^[1-9][0-9]{0,3}$/.test(text)) throw new InvalidArgumentError('Expected a number of seconds from 1 to 9999.');
  return Number(text);
}
