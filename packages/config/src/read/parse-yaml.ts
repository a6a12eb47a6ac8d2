import { parseDocument, visit, type Scalar } from 'yaml';
import { quote } from '../problem/show-value.ts';
import { positionOf, SyntaxFault } from './syntax-fault.ts';

/**
 * Parses YAML 1.2 with the values of JSON: core schema, text keys, no tags of older versions, no merge keys.
 * A key that stands twice in one map is an error; aliases may be used, but not to multiply.
 */
export function parseYaml(text: string): unknown {
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    merge: false,
    resolveKnownTags: false,
    stringKeys: true,
    uniqueKeys: false,
    prettyErrors: false,
    // At 'silent' the parser also stays silent about a second document, and drops it.
    logLevel: 'error',
  });
  const error = document.errors[0] ?? document.warnings[0];
  if (error !== undefined) {
    // The message of the parser may quote the text; its code does not.
    const words = error.code.toLowerCase().replaceAll('_', ' ');
    throw new SyntaxFault(`is not valid YAML at ${positionOf(text, error.pos[0])} (${words})`);
  }
  if (document.directives?.yaml.version !== '1.2') throw new SyntaxFault('asks for another version of YAML than 1.2');
  visit(document, {
    Map(_, map) {
      const names = new Set<string>();
      for (const { key } of map.items) {
        // `stringKeys` leaves no other keys.
        const { value: name, range } = key as Scalar.Parsed & { value: string };
        if (names.has(name)) {
          throw new SyntaxFault(
            `has the field ${quote(name)} twice in one object, again at ${positionOf(text, range[0])}`,
          );
        }
        names.add(name);
      }
    },
  });
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch {
    throw new SyntaxFault('uses aliases that lead nowhere or multiply its content');
  }
}
