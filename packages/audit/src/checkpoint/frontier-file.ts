import { isJsonObject, member } from '@sallyport/core';
import { readSmallFile } from '../files/read-small-file.ts';
import { decodeBase64 } from '../note/base64.ts';
import { createTree, type TreeFrontier } from '../tree/tree.ts';

/** The content of a `.frontier` file. */
export function formatFrontier({ size, hashes }: TreeFrontier): string {
  return `${JSON.stringify({ v: 1, size, hashes: hashes.map((hash) => Buffer.from(hash).toString('base64')) })}\n`;
}

/** Reads it back; `undefined` when it is none. That it is the right one only a signed root can show. */
export function parseFrontier(text: string): TreeFrontier | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const size = isJsonObject(value) && member(value, 'v') === 1 ? member(value, 'size') : undefined;
    const list = member(value, 'hashes');
    if (typeof size !== 'number' || !Array.isArray(list)) return undefined;
    const hashes = list.map((hash: unknown) => (typeof hash === 'string' ? decodeBase64(hash) : undefined));
    if (!hashes.every((hash) => hash !== undefined)) return undefined;
    return createTree({ size, hashes }).frontier();
  } catch {
    return undefined;
  }
}

/** The frontier in a file; `undefined` when there is none that can be read. */
export async function readFrontier(path: string): Promise<TreeFrontier | undefined> {
  const found = await readSmallFile(path).catch(() => undefined);
  return found === undefined ? undefined : parseFrontier(found.text);
}
