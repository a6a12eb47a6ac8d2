import { InvalidArgumentError, type Command } from 'commander';
import type { Finish } from '../program.ts';
import type { CommandIo } from '../terminal/command-io.ts';
import { addCommonOptions, type CommonOptions } from '../terminal/common-options.ts';
import { createOutput } from '../terminal/output.ts';

interface DoctorOptions extends CommonOptions {
  readonly config?: string;
  readonly tokenFile?: string;
  readonly url?: string;
  readonly replicas?: number;
}

const help = `
Asks the issuers of the config, and, when they are named, looks at a token and at a running server. Each
check is one line: PASS, FAIL with what to change and where, WARN for what somebody should look at, SKIP
for what can not be decided. Nothing is changed anywhere. With --url requests without a token, with made-up
tokens and, with --token-file, with that token are sent to the server; none of them calls a tool. The
token is never printed, and never sent by http to another machine.

Examples:
  $ sallyport doctor --config prod.yaml
  $ sallyport doctor -c prod.yaml --token-file token.txt --url https://mcp.example.com/mcp --json

Exit codes:
  0  nothing failed
  1  something failed
  2  could not run: wrong usage, the config or the token can not be read`;

export function addDoctorCommand(parent: Command, io: CommandIo, finish: Finish): void {
  addCommonOptions(
    parent
      .command('doctor')
      .description('check the config, its issuers, a token and a running server')
      .option('-c, --config <file>', 'the config file of the server (default: sallyport.config.yaml)')
      .option('--token-file <file>', 'look at the access token in this file too')
      .option('--url <url>', 'look at the server that runs at this MCP endpoint too')
      .option('--replicas <number>', 'how many processes serve the resource', count),
  )
    .addHelpText('after', help)
    .action(async (options: DoctorOptions) => {
      const { runDoctor } = await import('./run-doctor.ts');
      finish(await runDoctor(options, { io, output: createOutput(io, options) }));
    });
}

function count(text: string): number {
  if (!/^[1-9][0-9]{0,4}$/.test(text)) throw new InvalidArgumentError('Expected a number from 1 to 99999.');
  return Number(text);
}
