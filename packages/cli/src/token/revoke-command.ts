import { InvalidArgumentError, Option, type Command } from 'commander';
import type { Finish } from '../program.ts';
import type { CommandIo } from '../terminal/command-io.ts';
import { addCommonOptions, type CommonOptions } from '../terminal/common-options.ts';
import { createOutput } from '../terminal/output.ts';
import { parseEnd } from './parse-end.ts';

interface RevokeOptions extends CommonOptions {
  readonly config?: string;
  readonly issuer?: string;
  readonly jti?: string;
  readonly subject?: string;
  readonly session?: string;
  readonly until?: number;
}

const help = `
Adds one line to the revocation file of the config (revocation.file). Every process of this host
that runs with the same file refuses the tokens within one second, closes the streams that are open
with them, and records it. It outlives a restart. Other hosts do not see it: run the command there
too.

  --jti      one token, by its jti claim (sallyport never asks for the token itself)
  --subject  every token of a user that was issued until now; a new sign-in is let in again
  --session  every token of a session at the issuer, by its sid claim

Times are UTC: 2026-11-20, 2026-11-20T21:00:00, or how long from now: 30m, 2h, 7d, 1w.

Examples:
  $ sallyport token revoke --issuer https://login.acme.com --subject alice@acme.com
  $ sallyport token revoke -c prod.yaml --jti 2f6c1c0e --until 2h

Exit codes:
  0  revoked
  2  could not run: wrong usage, no revocation file in the config, the file can not be written`;

export function addRevokeCommand(parent: Command, io: CommandIo, finish: Finish): void {
  const end = (text: string): number => {
    const parsed = parseEnd(text, io.now());
    if (parsed === undefined)
      throw new InvalidArgumentError('Expected a time in the future such as 2026-11-20, or 7d, 2h, 30m.');
    return parsed;
  };
  addCommonOptions(
    parent
      .command('revoke')
      .description('take tokens back before they expire')
      .option('-c, --config <file>', 'the config file of the server (default: sallyport.config.yaml)')
      .option('--issuer <url>', 'issuer of the tokens (default: the only one of the config)')
      .addOption(new Option('--jti <id>', 'one token').conflicts(['subject', 'session']).argParser(identifier))
      .addOption(new Option('--subject <sub>', 'every token of a subject').conflicts('session').argParser(identifier))
      .addOption(new Option('--session <sid>', 'every token of a session').argParser(identifier))
      .option('--until <time>', 'how long it is kept (default: revocation.lifetimeSeconds of the config)', end),
  )
    .addHelpText('after', help)
    .action(async (options: RevokeOptions) => {
      const { revokeToken } = await import('./revoke-token.ts');
      const { config, issuer, jti, subject, session, until: untilMs } = options;
      const request = { config, issuer, jti, subject, session, untilMs };
      await revokeToken(request, { env: io.env, nowMs: io.now(), output: createOutput(io, options) });
      finish(0);
    });
}

function identifier(text: string): string {
  if (text === '' || text.length > 255 || /\p{Cc}/u.test(text))
    throw new InvalidArgumentError('Expected 1 to 255 characters without control characters.');
  return text;
}
