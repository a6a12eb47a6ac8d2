import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  parseDocument,
  visit,
  YAMLParseError,
  YAMLWarning,
  type Document,
  type Node,
} from 'yaml';
import { CardProblem, onOneLine, type DocumentPath } from './card-problem.ts';
import { positionAt, type CardText } from './card-text.ts';
import type { ProblemList } from './problem-list.ts';

/**
 * Parses YAML 1.2 with the values of JSON: core schema, names that are texts. Repeated names, merge keys, tags, several documents and
 * aliases that multiply the content are mistakes. `undefined` for what is no such YAML.
 */
export function parseYamlText(text: string, problems: ProblemList): CardText | undefined {
  const fail = (problem: string, offset: number, remedy = 'correct the syntax'): void =>
    problems.add(new CardProblem([], problem, remedy, positionAt(text, offset)));
  try {
    const document = parseDocument(text, {
      version: '1.2',
      schema: 'core',
      merge: false,
      resolveKnownTags: false,
      stringKeys: true,
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: 'error',
    });
    // A warning is, for example, an unknown tag: what the parser is not sure of must not become policy.
    // What follows the first is often only its consequence.
    const problem = document.errors[0] ?? document.warnings[0];
    if (problem !== undefined) throw problem;
    if (document.directives.yaml.version !== '1.2') {
      fail('asks for another version of YAML than 1.2', 0);
      return undefined;
    }
    checkKeys(document, fail);
    const value: unknown = document.toJS({ maxAliasCount: 100 });
    return { value, locate: (path) => positionAt(text, locate(document, path)) };
  } catch (error) {
    fail(
      `is not YAML: ${syntaxProblem(error)}`,
      error instanceof YAMLParseError || error instanceof YAMLWarning ? error.pos[0] : 0,
    );
    return undefined;
  }
}

type YamlDocument = Document.Parsed;

function checkKeys(document: YamlDocument, fail: (problem: string, offset: number, remedy: string) => void): void {
  visit(document, {
    Map(_, map) {
      const names = new Set<unknown>();
      for (const { key } of map.items) {
        if (!isScalar(key)) continue;
        const offset = key.range?.[0] ?? 0;
        const name = onOneLine(String(key.value));
        if (names.has(key.value)) fail(`has the same key "${name}" twice in one object`, offset, 'keep one of them');
        if (key.value === '<<') fail('has a merge key, which is not read', offset, 'write the members out');
        names.add(key.value);
      }
    },
  });
}

/** The offset of the name or the item at the end of a path, or of the deepest part of it that there is. */
function locate(document: YamlDocument, path: DocumentPath): number {
  let node: unknown = document.contents;
  let offset = startOf(document.contents);
  for (const part of path) {
    const holder = isAlias(node) ? node.resolve(document) : node;
    if (isMap(holder)) {
      const pair = holder.items.find(({ key }) => isScalar(key) && key.value === part);
      if (pair === undefined) break;
      offset = startOf(pair.key);
      node = pair.value;
    } else if (isSeq(holder) && typeof part === 'number' && part < holder.items.length) {
      node = holder.items[part];
      offset = startOf(node);
    } else break;
  }
  return offset;
}

function startOf(node: unknown): number {
  return (node as Node | null | undefined)?.range?.[0] ?? 0;
}

function syntaxProblem(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (message.includes('call stack')) return 'it is nested too deeply';
  if (error instanceof YAMLParseError && error.code === 'MULTIPLE_DOCS') return 'there is a second document';
  return onOneLine(message.split('\n')[0] ?? '').replace(/:$/, '');
}
