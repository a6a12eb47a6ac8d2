import { isJsonObject, member, type JsonObject, type JsonValue } from '@sallyport/core';
import { toPointer } from '../card/card-problem.ts';
import { accessKey } from '../card/card.ts';
import type { FetchedLists, FetchFinding } from './fetched-card.ts';

const kinds = ['tools', 'resources', 'prompts', 'scopes'] as const;

/**
 * The names in the lists that a card published in full has on top, and what is wrong with them. A list and the policy in `_meta` are two
 * spellings of one thing, so they must name the same.
 */
export function readLists(document: JsonObject): {
  readonly lists: FetchedLists | undefined;
  readonly findings: readonly FetchFinding[];
} {
  const findings: FetchFinding[] = [];
  const policy = member(member(document, '_meta'), accessKey);
  const names = kinds.map((kind) => {
    const list = member(document, kind);
    if (list === undefined) return undefined;
    const read = readNames(list, kind, findings);
    const declared = member(policy, kind);
    if (isJsonObject(declared)) findings.push(...contradictions(kind, read, Object.keys(declared)));
    return read;
  });
  if (names.every((list) => list === undefined)) return { lists: undefined, findings };
  const [tools = [], resources = [], prompts = [], scopes = []] = names;
  return { lists: { tools, resources, prompts, scopes }, findings };
}

function readNames(list: JsonValue, kind: string, findings: FetchFinding[]): readonly string[] {
  const invalid = (path: readonly (string | number)[], problem: string): void => {
    findings.push({ finding: 'invalid', level: 'fail', pointer: toPointer(path), problem });
  };
  if (!Array.isArray(list)) {
    invalid([kind], 'must be a list');
    return [];
  }
  const names = new Set<string>();
  list.forEach((item: JsonValue, index) => {
    const name = ['name', 'uri', 'uriTemplate'].map((key) => member(item, key)).find((value) => value !== undefined);
    if (typeof name !== 'string' || name === '') invalid([kind, index], 'must be an object with a name or a URI');
    else if (names.has(name)) invalid([kind, index], 'is in the list twice');
    else names.add(name);
  });
  return [...names];
}

function contradictions(kind: string, listed: readonly string[], declared: readonly string[]): readonly FetchFinding[] {
  const differ = listed.length !== declared.length || !declared.every((name) => listed.includes(name));
  if (!differ) return [];
  const problem = `does not name what _meta["${accessKey}"].${kind} names`;
  return [{ finding: 'lists-contradict', level: 'fail', pointer: `/${kind}`, problem }];
}
