import { readFile } from 'node:fs/promises';
import { SetupError } from '@sallyport/core';

/** RFC 6750 §2.1, `b64token`. */
const tokenPattern = /^[A-Za-z0-9\-._~+/]+=*$/;

/**
 * The access token a file holds, without surrounding white space. Its content is in no message.
 *
 * @throws SetupError `ERR_CLI_TOKEN`
 */
export async function readTokenFile(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error';
    throw tokenError(file, `can not be read (${code})`, 'check the path and its permissions', cause);
  });
  const token = text.trim();
  if (token === '') throw tokenError(file, 'is empty', 'put one access token into it');
  if (!tokenPattern.test(token)) {
    throw tokenError(
      file,
      'is not one access token',
      'put only the token into it, without "Bearer" and without quotes',
    );
  }
  return token;
}

function tokenError(file: string, problem: string, remedy: string, cause?: unknown): SetupError {
  return new SetupError({ code: 'ERR_CLI_TOKEN', file, problem, remedy, cause });
}
