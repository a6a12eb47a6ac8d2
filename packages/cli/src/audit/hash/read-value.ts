import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { parseStrictJson, Refusal, SetupError, type JsonValue } from '@sallyport/core';
import type { CommandIo } from '../../terminal/command-io.ts';
import type { Output } from '../../terminal/output.ts';

/** The ways to give a value: exactly one. */
export interface ValueSource {
  readonly value?: string | undefined;
  readonly valueFile?: string | undefined;
  readonly valueStdin?: true | undefined;
  /** The value is written as JSON: a number, `true`, `null`, a text in quotes. */
  readonly jsonValue?: true | undefined;
}

/** As deep as a server lets arguments be nested by default (`limits.jsonDepth`). */
const jsonDepth = 64;
const maxBytes = 1024 * 1024;

/**
 * The value to be hashed. It is in no message. One line feed at the end, as editors and `echo` write it, is not part of it.
 *
 * @throws SetupError `ERR_CLI_USAGE`
 */
export async function readValue(source: ValueSource, io: CommandIo, output: Output): Promise<JsonValue> {
  const { value, valueFile, valueStdin, jsonValue } = source;
  if ([value, valueFile, valueStdin].filter((one) => one !== undefined).length !== 1) {
    throw new SetupError({
      code: 'ERR_CLI_USAGE',
      problem: 'there is not one value',
      remedy: 'give it with --value-file or --value-stdin',
    });
  }
  if (value !== undefined) {
    output.warning('the value stands in the history of the shell and in the list of processes: better --value-stdin');
  }
  const bytes = value === undefined ? await readBytes(valueFile, io) : Buffer.from(value);
  if (bytes.length > maxBytes) throw unusable(valueFile, 'the value has more than 1 MiB', 'give one value');
  const text = value ?? textOf(bytes, valueFile);
  if (jsonValue !== true) return text;
  try {
    return parseStrictJson(Buffer.from(text), { jsonDepth });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw unusable(
      valueFile,
      'the value is not JSON that a server takes',
      'without --json-value it is taken as a text',
    );
  }
}

async function readBytes(file: string | undefined, { stdin }: CommandIo): Promise<Buffer> {
  if (file === undefined) return stdin === undefined ? Buffer.alloc(0) : buffer(stdin);
  try {
    return await readFile(file);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error';
    throw unusable(file, `the file can not be read (${code})`, 'check the path and its permissions', cause);
  }
}

function textOf(bytes: Buffer, file: string | undefined): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return text.replace(/\r?\n$/, '');
  } catch (cause) {
    throw unusable(file, 'the value is not UTF-8', 'give the text as it was sent', cause);
  }
}

function unusable(file: string | undefined, problem: string, remedy: string, cause?: unknown): SetupError {
  return new SetupError({ code: 'ERR_CLI_USAGE', ...(file !== undefined && { file }), problem, remedy, cause });
}
