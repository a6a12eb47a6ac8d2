import { dirname, extname, resolve } from 'node:path';
import { SetupError } from '@sallyport/core';
import { oneLine } from '../problem/show-value.ts';
import { parseJson } from './parse-json.ts';
import { parseYaml } from './parse-yaml.ts';
import { readTextFile } from './read-text-file.ts';
import { SyntaxFault } from './syntax-fault.ts';

/** A configuration as it was found, nothing checked yet. */
export interface Source {
  readonly value: unknown;
  /** The file as the caller named it, for messages. */
  readonly label?: string;
  /** The absolute path of the file. */
  readonly file?: string;
  /** Permission bits of the file. */
  readonly mode?: number;
  /** What relative paths start from. */
  readonly baseDirectory: string;
}

const maxFileBytes = 1_048_576;

const parsers: ReadonlyMap<string, (text: string) => unknown> = new Map([
  ['.json', parseJson],
  ['.yaml', parseYaml],
  ['.yml', parseYaml],
]);

/** Reads a config file, by its extension as JSON or YAML; takes anything that is not a path as it is. */
export async function readSource(source: unknown, baseDirectory: string | undefined): Promise<Source> {
  if (typeof source !== 'string') return { value: source, baseDirectory: resolve(baseDirectory ?? '.') };
  const label = oneLine(source);
  const parse = parsers.get(extname(source).toLowerCase());
  if (parse === undefined) {
    throw unreadable(
      label,
      `has the extension "${oneLine(extname(source))}"`,
      'name the config file *.json, *.yaml or *.yml',
    );
  }
  const file = resolve(source);
  const content = await readTextFile(file, maxFileBytes);
  if ('fault' in content) throw unreadable(label, content.fault, 'check the path and its permissions', content.cause);
  try {
    return {
      value: parse(content.text),
      label,
      file,
      mode: content.mode,
      baseDirectory: resolve(baseDirectory ?? dirname(file)),
    };
  } catch (error) {
    const problem = error instanceof SyntaxFault ? error.message : 'is nested too deeply to be read';
    throw unreadable(label, problem, 'correct the file');
  }
}

function unreadable(file: string, problem: string, remedy: string, cause?: unknown): SetupError {
  return new SetupError({ code: 'ERR_CONFIG_UNREADABLE', file, problem, remedy, cause });
}
