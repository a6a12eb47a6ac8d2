import { SetupError } from '@sallyport/core';
import { text } from 'node:stream/consumers';
import type { CommandIo } from '../terminal/command-io.ts';
import { readTokenFile } from '../try/read-token-file.ts';

const alphabet = /^[A-Za-z0-9\-._~+/]+=*$/;

export interface TokenSource {
  /** The token itself, or `-` for stdin. */
  readonly token: string | undefined;
  readonly tokenFile: string | undefined;
}

/**
 * The token of a command. It is in no message.
 *
 * @throws SetupError `ERR_CLI_USAGE`, `ERR_CLI_TOKEN`
 */
export async function readToken({ token, tokenFile }: TokenSource, io: CommandIo): Promise<string> {
  if ((token === undefined) === (tokenFile === undefined)) {
    throw new SetupError({
      code: 'ERR_CLI_USAGE',
      problem: token === undefined ? 'there is no token' : 'there are two tokens',
      remedy: 'name one file with --token-file, or - for stdin',
    });
  }
  if (tokenFile !== undefined) return readTokenFile(tokenFile);
  const given = (token === '-' ? await readStdin(io) : (token ?? '')).trim();
  if (alphabet.test(given)) return given;
  throw new SetupError({
    code: 'ERR_CLI_TOKEN',
    problem: given === '' ? 'the token is empty' : 'that is not one access token',
    remedy: 'give only the token, without "Bearer" and without quotes',
  });
}

function readStdin({ stdin }: CommandIo): Promise<string> {
  return stdin === undefined ? Promise.resolve('') : text(stdin);
}
