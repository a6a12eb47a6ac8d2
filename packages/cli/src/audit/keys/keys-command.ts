import type { Command } from 'commander';
import type { Finish } from '../../program.ts';
import type { CommandIo } from '../../terminal/command-io.ts';
import { addCommonOptions, type CommonOptions } from '../../terminal/common-options.ts';
import { createOutput } from '../../terminal/output.ts';
import { locateLog } from '../log-location.ts';

interface KeysOptions extends CommonOptions {
  readonly config?: string;
  readonly stream?: string;
  readonly pins?: string;
}

const listHelp = `
Shows which keys signed the checkpoints of each stream, in which order, and the verifier key of each,
which is not secret. A key that lies beside the log proves nothing on its own: whoever can write there
can replace it. Get it on another way and pin it.

Exit codes:
  0  shown
  2  could not run: no log in the directory, a file that can not be read`;

const pinHelp = `
Adds the current verifier keys of the log to a file of your own, for  audit verify --key <file>. Do it
where you trust the log, such as right after the first start, and keep the file where who writes the
log can not.

Exit codes:
  0  pinned, also when they were already
  2  could not run: no key beside the log, a file that can not be written`;

const rotateHelp = `
Makes a new signing key beside the log. The next start of the server takes it, records the change
(audit.key_rotated) and has the old key sign for it, so that who trusts the old key can trust the new
one. A key that stands in the config is rotated there.

Exit codes:
  0  a new key was made
  2  could not run: the key is not beside the log, a file that can not be written`;

export function addKeysCommand(parent: Command, io: CommandIo, finish: Finish): void {
  const keys = parent.command('keys').description('the keys that sign the log').helpCommand(false);
  addKeysVerb(keys, 'list', 'show the keys that sign the log')
    .addHelpText('after', listHelp)
    .action(async (named: string | undefined, options: KeysOptions) => {
      const { directory } = await locateLog(named, options.config, io.env);
      const { listKeys } = await import('./manage-keys.ts');
      finish(await listKeys(directory, options.stream, createOutput(io, options)));
    });
  addKeysVerb(keys, 'pin', 'add the keys of the log to a file of keys you trust')
    .requiredOption('--pins <file>', 'the file of keys you trust; made when missing')
    .addHelpText('after', pinHelp)
    .action(async (named: string | undefined, options: KeysOptions) => {
      const { directory } = await locateLog(named, options.config, io.env);
      const { pinKeys } = await import('./manage-keys.ts');
      finish(await pinKeys(directory, options.stream, options.pins ?? '', createOutput(io, options)));
    });
  addKeysVerb(keys, 'rotate', 'make a new key, which signs from the next start on')
    .addHelpText('after', rotateHelp)
    .action(async (named: string | undefined, options: KeysOptions) => {
      const location = await locateLog(named, options.config, io.env);
      const { rotateKeys } = await import('./manage-keys.ts');
      const stream = options.stream ?? location.settings?.stream;
      finish(await rotateKeys(location.directory, stream, createOutput(io, options)));
    });
}

function addKeysVerb(parent: Command, verb: string, description: string): Command {
  return addCommonOptions(
    parent
      .command(verb)
      .description(description)
      .argument('[dir]', 'the audit directory (default: that of the config file)')
      .option('-c, --config <file>', 'the config file that names the directory (default: sallyport.config.yaml)')
      .option('--stream <name>', 'only this stream'),
  );
}
