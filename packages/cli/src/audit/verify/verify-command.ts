import { Option, type Command } from 'commander';
import type { Finish } from '../../program.ts';
import type { CommandIo } from '../../terminal/command-io.ts';
import { addCommonOptions, type CommonOptions } from '../../terminal/common-options.ts';
import { createOutput } from '../../terminal/output.ts';
import { locateLog } from '../log-location.ts';
import { addEvidenceOptions, givenEvidence, type EvidenceOptions } from './evidence-options.ts';

interface VerifyOptions extends CommonOptions, EvidenceOptions {
  readonly config?: string;
  readonly stream?: string;
  readonly proof?: string;
}

const help = `
Works offline, on the log itself or on a copy, and changes nothing. Four things are judged apart:
content (the lines give every root that was signed), signer (who signed it), time (the clock did
not jump) and completeness (no gap, an outcome for every allowed call).

Without --key the signer stays unconfirmed: the key beside the log can be replaced with the log.
Whoever holds the signing key can write another log that verifies; only a checkpoint that was held
outside and is given with --checkpoint proves that nobody did.

Examples:
  $ sallyport audit verify ./copy --key log.pub
  $ sallyport audit verify ./copy --key log.pub --checkpoint anchor.checkpoint --json
  $ sallyport audit verify --proof call.proof.json --key log.pub

Exit codes:
  0  all confirmed
  1  refuted: something was altered, removed, forged or is missing
  2  could not check: wrong usage, no log in the directory, a file that can not be read
  3  nothing refuted, something unconfirmed`;

export function addVerifyCommand(parent: Command, io: CommandIo, finish: Finish): void {
  const command = parent
    .command('verify')
    .description('show whether the log was altered, cut or forged, and who vouches for it')
    .argument('[dir]', 'the audit directory (default: that of the config file)')
    .option('-c, --config <file>', 'the config file that names the directory (default: sallyport.config.yaml)')
    .option('--stream <name>', 'only this stream');
  addCommonOptions(
    addEvidenceOptions(command).addOption(
      new Option('--proof <file>', 'verify a proof file instead of a log').conflicts(['config', 'stream']),
    ),
  )
    .addHelpText('after', help)
    .action(async (named: string | undefined, options: VerifyOptions) => {
      const given = givenEvidence(options);
      const output = createOutput(io, options);
      const { verifyLog, verifyProof } = await import('./verify-log.ts');
      if (options.proof !== undefined) {
        finish(await verifyProof(options.proof, given, output));
        return;
      }
      const { directory } = await locateLog(named, options.config, io.env);
      finish(await verifyLog(directory, { ...given, stream: options.stream }, output));
    });
}
