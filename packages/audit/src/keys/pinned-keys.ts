import { SetupError } from '@sallyport/core';
import { readSmallFile } from '../files/read-small-file.ts';
import { writeDurable } from '../files/write-durable.ts';
import { errorText } from '../log/error-code.ts';
import { parseVerifierKey, type VerifierKey } from '../note/verifier-key.ts';
import { nodeSegmentFileSystem } from '../segment/segment-file-system.ts';

/**
 * The verifier keys in a file of pinned keys: one a line, empty lines and lines that begin with `#` apart. A `.pub` file is one too.
 * Keep it where who writes the log can not: a pin beside the log proves nothing.
 *
 * @throws SetupError `ERR_AUDIT_KEY` when it can not be read or holds anything else.
 */
export async function readPinnedKeys(file: string): Promise<VerifierKey[]> {
  return linesOf((await readPins(file)) ?? missing(file)).map(({ text, number }) => parseLine(text, file, number));
}

/**
 * Adds a verifier key to a file of pinned keys, which is made when missing. True when it was not there yet.
 *
 * @throws SetupError `ERR_AUDIT_KEY` when the key or the file is none, or the file can not be written.
 */
export async function pinKey(file: string, vkey: string): Promise<boolean> {
  const key = parseLine(vkey, file, undefined);
  const text = (await readPins(file)) ?? '';
  if (linesOf(text).some((line) => parseLine(line.text, file, line.number).vkey === key.vkey)) return false;
  const separator = text === '' || text.endsWith('\n') ? '' : '\n';
  try {
    await writeDurable(file, `${text}${separator}${key.vkey}\n`, nodeSegmentFileSystem);
  } catch (cause) {
    throw pinProblem(file, `can not be written (${errorText(cause)})`, 'give a file that can be written', cause);
  }
  return true;
}

async function readPins(file: string): Promise<string | undefined> {
  try {
    return (await readSmallFile(file))?.text;
  } catch (cause) {
    throw pinProblem(file, `can not be read (${errorText(cause)})`, 'give a plain file', cause);
  }
}

function linesOf(text: string): { readonly text: string; readonly number: number }[] {
  const lines = text.split('\n').map((line, index) => ({ text: line.trim(), number: index + 1 }));
  return lines.filter((line) => line.text !== '' && !line.text.startsWith('#'));
}

function parseLine(text: string, file: string, number: number | undefined): VerifierKey {
  try {
    return parseVerifierKey(text);
  } catch (cause) {
    const where =
      number === undefined ? 'can not take what is no verifier key' : `has no verifier key in line ${number}`;
    throw pinProblem(
      file,
      `${where} (${errorText(cause)})`,
      'write <name>+<key id>+<Base64>, as in a .pub file',
      cause,
    );
  }
}

function missing(file: string): never {
  throw pinProblem(file, 'does not exist', 'give the .pub file of the log, as you got it from somewhere else');
}

function pinProblem(file: string, problem: string, remedy: string, cause?: unknown): SetupError {
  return new SetupError({ code: 'ERR_AUDIT_KEY', file, problem: `the file of pinned keys ${problem}`, remedy, cause });
}
