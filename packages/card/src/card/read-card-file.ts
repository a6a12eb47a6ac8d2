import { constants, open } from 'node:fs/promises';
import { extname } from 'node:path';
import { SetupError } from '@sallyport/core';
import { CardProblem, onOneLine } from './card-problem.ts';
import type { CardText } from './card-text.ts';
import { maxSize } from './copy-json.ts';
import { parseJsonText } from './parse-json-text.ts';
import { parseYamlText } from './parse-yaml-text.ts';
import type { ProblemList } from './problem-list.ts';

/**
 * What a JSON or YAML file holds. What is wrong with its text is added to `problems`, and then there may be no value. Throws `SetupError`
 * when the file can not be read.
 */
export async function readCardFile(file: string, problems: ProblemList): Promise<CardText | undefined> {
  const bytes = await readBytes(file);
  const text = problems.attempt(() => decode(bytes));
  if (text === undefined) return undefined;
  const parse = extname(file).toLowerCase() === '.json' ? parseJsonText : parseYamlText;
  return parse(text, problems);
}

async function readBytes(file: string): Promise<Uint8Array> {
  try {
    // Without O_NONBLOCK opening a named pipe waits until somebody writes.
    const handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const stats = await handle.stat();
      if (!stats.isFile()) throw new Error('it is not a file');
      if (stats.size > maxSize) throw new Error(`it has ${stats.size} bytes, more than ${maxSize}`);
      const bytes = new Uint8Array(maxSize + 1);
      let length = 0;
      for (let read = -1; read !== 0; length += read)
        ({ bytesRead: read } = await handle.read(bytes, length, bytes.length - length));
      if (length > maxSize) throw new Error(`it has more than ${maxSize} bytes`);
      return bytes.subarray(0, length);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw new SetupError({
      code: 'ERR_CARD_UNREADABLE',
      file,
      problem: `the server card can not be read: ${explain(error)}`,
      remedy: 'check the path and its permissions',
      cause: error,
    });
  }
}

const fileProblems: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'there is no such file'],
  ['ENOTDIR', 'a part of the path is not a directory'],
  ['EISDIR', 'it is a directory'],
  ['EACCES', 'permission is denied'],
  ['EPERM', 'permission is denied'],
]);

function explain(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return fileProblems.get(code) ?? onOneLine(error instanceof Error ? error.message : String(error));
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new CardProblem([], 'is not UTF-8', 'save it as UTF-8');
  }
}
