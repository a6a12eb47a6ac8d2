import { open } from 'node:fs/promises';
import { extname } from 'node:path';
import { SetupError } from '@sallyport/core';
import { parseDocument } from 'yaml';
import { CardProblem, onOneLine } from './card-problem.ts';
import { maxSize } from './copy-json.ts';
import { findDuplicateKey } from './find-duplicate-key.ts';

/** The value a JSON or YAML file holds. Throws `SetupError` when it can not be read and `CardProblem` when it can not be parsed. */
export async function readCardFile(file: string): Promise<unknown> {
  const text = decode(await readBytes(file));
  return extname(file).toLowerCase() === '.json' ? parseJson(text) : parseYaml(text);
}

async function readBytes(file: string): Promise<Uint8Array> {
  try {
    const handle = await open(file, 'r');
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

function parseJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new CardProblem([], `is not JSON: ${messageOf(error)}`, 'correct the syntax');
  }
  const duplicate = findDuplicateKey(text);
  if (duplicate !== undefined) throw duplicateProblem(` "${onOneLine(duplicate.key)}"`, duplicate.line);
  return value;
}

function parseYaml(text: string): unknown {
  try {
    const document = parseDocument(text, { schema: 'core', stringKeys: true, uniqueKeys: true });
    // A warning is, for example, an unknown tag: what the parser is not sure of must not become policy.
    const problem = document.errors[0] ?? document.warnings[0];
    if (problem?.code === 'DUPLICATE_KEY') throw duplicateProblem('', problem.linePos?.[0].line ?? 1);
    if (problem !== undefined) throw problem;
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    if (error instanceof CardProblem) throw error;
    throw new CardProblem([], `is not YAML: ${messageOf(error)}`, 'correct the syntax');
  }
}

function duplicateProblem(key: string, line: number): CardProblem {
  return new CardProblem([], `has the same key${key} twice in one object (line ${line})`, 'keep one of them');
}

function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (message.includes('call stack')) return 'it is nested too deeply';
  return onOneLine(message.split('\n')[0] ?? '').replace(/:$/, '');
}
