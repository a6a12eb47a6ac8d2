import { isCredentialName, isJsonObject, SetupError, type JsonObject, type JsonValue } from '@sallyport/core';
import { show } from '../card/card-problem.ts';

const keyword = 'x-mcp-header';
/** Members of a schema whose members are schemas, by names of the author. */
const named: ReadonlySet<string> = new Set([
  'properties',
  'patternProperties',
  '$defs',
  'definitions',
  'dependentSchemas',
]);
/** Members of a schema that hold data. */
const data: ReadonlySet<string> = new Set(['default', 'const', 'enum', 'examples', 'required']);
const types: ReadonlySet<unknown> = new Set(['string', 'integer', 'boolean']);
const maxDepth = 64;

/**
 * Makes sure that no parameter of a tool is sent in a header it must not be in (`x-mcp-header`, 2026-07-28 "Schema Extension"): headers
 * are seen and logged by every proxy. The name must be a header name, unique whatever its case, and not one of a credential; the
 * parameter must be a text, an integer or a boolean, and not below a list or an alternative.
 *
 * Throws `SetupError` with code `ERR_CARD_PARAMETER_HEADER`.
 */
export function requireSafeParameterHeaders(tool: string, inputSchema: JsonValue | undefined): void {
  const seen = new Map<string, string>();
  const visit = (schema: JsonValue, path: readonly string[], reachable: boolean): void => {
    if (!isJsonObject(schema)) return;
    if (path.length > maxDepth) throw headerError(tool, [], `is nested deeper than ${maxDepth} levels`);
    if (Object.hasOwn(schema, keyword)) {
      const problem = problemOf(schema, reachable && path.length > 0, seen);
      if (problem !== undefined) throw headerError(tool, path, problem);
    }
    for (const [key, value] of Object.entries(schema)) {
      if (data.has(key)) continue;
      if (named.has(key) && isJsonObject(value)) {
        for (const [name, child] of Object.entries(value))
          visit(child, [...path, name], reachable && key === 'properties');
      } else {
        const children: readonly JsonValue[] = Array.isArray(value) ? value : [value];
        for (const child of children) visit(child, [...path, `<${key}>`], false);
      }
    }
  };
  visit(inputSchema ?? null, [], true);
}

function problemOf(schema: JsonObject, reachable: boolean, seen: Map<string, string>): string | undefined {
  const name = schema[keyword];
  if (!reachable) return `${keyword} stands where only a plain parameter can have it`;
  if (typeof name !== 'string' || !/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name))
    return `${keyword} is ${show(name)}, which is not a header name`;
  if (isCredentialName(name)) return `${keyword} is ${show(name)}: a credential must not be a parameter`;
  if (!types.has(schema['type'])) return `${keyword} is only for texts, integers and booleans`;
  const other = seen.get(name.toLowerCase());
  if (other !== undefined) return `${keyword} is ${show(name)}, and another parameter has ${show(other)}`;
  seen.set(name.toLowerCase(), name);
  return undefined;
}

function headerError(tool: string, path: readonly string[], problem: string): SetupError {
  const parameter = path.length === 0 ? 'its schema' : `parameter ${show(path.join('.'))}`;
  return new SetupError({
    code: 'ERR_CARD_PARAMETER_HEADER',
    problem: `tool ${show(tool)}, ${parameter}: ${problem}`,
    remedy: 'change the input schema that the server registers',
  });
}
