import { InvalidArgumentError, Option, type Command } from 'commander';
import type { Finish } from '../program.ts';
import type { CommandIo } from '../terminal/command-io.ts';
import { addCommonOptions, type CommonOptions } from '../terminal/common-options.ts';
import { jsonObjectArgument } from '../terminal/json-object-argument.ts';
import { createOutput } from '../terminal/output.ts';
import { scopeList } from '../terminal/scope-list.ts';

interface CanIOptions extends CommonOptions {
  readonly card?: string;
  readonly config?: string;
  readonly scopes?: readonly string[];
  readonly tokenFile?: string;
  readonly tool?: string;
  readonly resource?: string;
  readonly prompt?: string;
  readonly args?: string;
  readonly groups?: readonly string[];
  readonly roles?: readonly string[];
  readonly tenant?: string;
  readonly subject?: string;
  readonly acr?: string;
  readonly authAge?: number;
}

const help = `
Decides as a server with this card would, and explains it check by check. Nothing is called. Hidden
targets are explained like others: the answer is for who has the card, not for callers.

With --config the token of --token-file is verified as the server would; with --card alone its
claims are read without being verified, and that is said. --scopes asks for a caller who has just
these, who is in the --groups and has the --roles that are named.

Examples:
  $ sallyport can-i --card server-card.json --scopes "notes:read" --tool write-note
  $ sallyport can-i --card card.yaml --scopes db --groups dba --tool db_query --args '{"rows":1}'
  $ sallyport can-i --config prod.yaml --token-file t.jwt --resource note:///1 --json

Exit codes:
  0  yes
  1  no
  2  could not check: wrong usage, the card is not valid, nobody could say whether the token is`;

export function addCanICommand(parent: Command, io: CommandIo, finish: Finish): void {
  addCommonOptions(
    parent
      .command('can-i')
      .description('say whether a caller may use a tool, resource or prompt, and why')
      .option('--card <file>', 'the Server Card')
      .option('-c, --config <file>', 'the config file that names the card')
      .addOption(
        new Option('--scopes <scopes>', 'the scopes of the caller, separated by spaces; "" for none').argParser(
          someScopes,
        ),
      )
      .addOption(new Option('--token-file <file>', 'the access token of the caller').conflicts('scopes'))
      .option('--tool <name>', 'may the caller call this tool?')
      .option('--resource <uri>', 'may the caller read this resource?')
      .option('--prompt <name>', 'may the caller get this prompt?')
      .option('--args <json>', 'the arguments, a JSON object (default: {})')
      .option('--groups <names>', 'groups the caller is in, separated by commas', names)
      .option('--roles <names>', 'roles the caller has, separated by commas', names)
      .option('--tenant <tenant>', 'the tenant of the caller')
      .option('--subject <subject>', 'the subject of the caller (default: somebody)')
      .option('--acr <acr>', 'how strong the sign-in was')
      .option('--auth-age <seconds>', 'how long ago the sign-in was', seconds),
  )
    .addHelpText('after', help)
    .action(async ({ args, json, quiet, ...question }: CanIOptions) => {
      const { canI } = await import('./can-i.ts');
      const options = { ...(json === true && { json }), ...(quiet === true && { quiet }) };
      finish(await canI({ ...question, args: jsonObjectArgument(args) }, io, createOutput(io, options)));
    });
}

function someScopes(text: string): readonly string[] {
  return text.trim() === '' ? [] : scopeList(text);
}

function names(text: string): readonly string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

function seconds(text: string): number {
  if (!/^(?:0|[1-9][0-9]{0,8})$/.test(text)) throw new InvalidArgumentError('Expected a number of seconds.');
  return Number(text);
}
