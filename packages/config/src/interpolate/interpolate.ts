import { resolve } from 'node:path';
import { formatPath } from '../problem/field-path.ts';
import type { Problem } from '../problem/problem.ts';
import { oneLine, quote } from '../problem/show-value.ts';
import { copyPlain, type PlainValue } from '../read/copy-plain.ts';
import { readTextFile, type ReadFault, type TextFile } from '../read/read-text-file.ts';
import { nodeAt } from '../schema/annotated-schema.ts';
import { parseReferences, type Part } from './parse-references.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Interpolated {
  /** A copy in which every reference is replaced; one that could not be is left as it was written. */
  readonly value: PlainValue;
  readonly problems: readonly Problem[];
  /** Fields, as formatted paths, whose value came from elsewhere; with how to speak of the value without showing it. */
  readonly origins: Map<string, string>;
}

const maxFileBytes = 65_536;

/** Replaces `${env:NAME}` and `${file:PATH}` in every text of a configuration. */
export async function interpolate(raw: unknown, env: Environment, baseDirectory: string): Promise<Interpolated> {
  const files = await readFiles(raw, baseDirectory);
  const problems: Problem[] = [];
  const origins = new Map<string, string>();
  const value = copyPlain(raw, (text, path) => {
    if (!text.includes('${')) return text;
    const secret = nodeAt(path)?.writeOnly === true;
    let result = '';
    for (const part of parseReferences(text)) {
      if (part.kind === 'literal') {
        result += part.text;
        continue;
      }
      const found =
        part.kind === 'env'
          ? fromVariable(part.name, env)
          : part.kind === 'file'
            ? fromFile(part.path, files, secret)
            : malformed(part.text, secret);
      if ('problem' in found) {
        problems.push({ kind: 'unresolved', path, ...found });
        return text;
      }
      origins.set(formatPath(path), `the value of ${quote(text)}`);
      result += found.text;
    }
    return result;
  });
  return { value, problems, origins };
}

type Found = { readonly text: string } | Pick<Problem, 'problem' | 'remedy' | 'cause'>;

function fromVariable(name: string, env: Environment): Found {
  const value = Object.hasOwn(env, name) ? env[name] : undefined;
  if (value !== undefined && value !== '') return { text: value };
  const state = value === undefined ? 'not set' : 'empty';
  return {
    problem: `refers to the environment variable ${name}, which is ${state}`,
    remedy: `set ${name} or write the value`,
  };
}

function malformed(text: string, secret: boolean): Found {
  const shown = secret ? '' : ` ${quote(text)}`;
  return {
    problem: `holds a reference${shown} that can not be read`,
    remedy: 'write ${env:NAME} or ${file:PATH}, and $${ where ${ is meant',
  };
}

function fromFile(path: string, files: ReadonlyMap<string, LoadedFile>, secret: boolean): Found {
  // `readFiles` has collected every path.
  const file = files.get(path) as LoadedFile;
  const where = `refers to the file ${oneLine(file.path)}, which`;
  if ('fault' in file.content) {
    const { fault, cause } = file.content;
    return { problem: `${where} ${fault}`, remedy: 'check the path and its permissions', cause };
  }
  const { text, mode } = file.content;
  // Windows has no permission bits; what it reports says nothing.
  if (secret && (mode & 0o077) !== 0 && process.platform !== 'win32') {
    const bits = mode.toString(8).padStart(4, '0');
    return {
      problem: `${where} holds a secret but is accessible to group or others (mode ${bits})`,
      remedy: `run chmod 600 ${oneLine(file.path)}`,
    };
  }
  return { text: text.replace(/\r?\n$/, '') };
}

interface LoadedFile {
  readonly path: string;
  readonly content: TextFile | ReadFault;
}

/** Reads every file that is referred to, once. */
async function readFiles(raw: unknown, baseDirectory: string): Promise<ReadonlyMap<string, LoadedFile>> {
  const paths = new Set<string>();
  copyPlain(raw, (text) => {
    for (const part of text.includes('${') ? parseReferences(text) : noParts)
      if (part.kind === 'file') paths.add(part.path);
    return text;
  });
  const load = async (path: string): Promise<[string, LoadedFile]> => {
    const absolute = resolve(baseDirectory, path);
    return [path, { path: absolute, content: await readTextFile(absolute, maxFileBytes) }];
  };
  return new Map(await Promise.all([...paths].map(load)));
}

const noParts: readonly Part[] = [];
