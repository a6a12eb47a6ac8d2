import { isJsonObject, member, type JsonObject, type JsonValue, type TargetKind } from '@sallyport/core';

/** The member of a result that holds a list. */
export type ListName = 'tools' | 'resources' | 'resourceTemplates' | 'prompts';

/** Whoever reads a list: what is shown to them, and how. */
export interface ListReader {
  /**
   * Whether an entry is shown. `name` is `undefined` for what has no name; `template` is true for an entry of `resourceTemplates`, whose
   * name is the template itself and not a URI.
   */
  shows(kind: TargetKind, name: string | undefined, template: boolean): boolean;
  /** The tool as this reader gets it; the same object when nothing is to be added. */
  describeTool(name: string, tool: JsonObject): JsonObject;
  /** The cursor of the next page as this reader gets it. */
  seal(cursor: string, list: ListName): string;
}

interface ListShape {
  readonly key: ListName;
  readonly kind: TargetKind;
  readonly name: string;
  readonly template: boolean;
}

const lists: readonly ListShape[] = [
  { key: 'tools', kind: 'tool', name: 'name', template: false },
  { key: 'resources', kind: 'resource', name: 'uri', template: false },
  { key: 'resourceTemplates', kind: 'resource', name: 'uriTemplate', template: true },
  { key: 'prompts', kind: 'prompt', name: 'name', template: false },
];

/**
 * Takes out of a message what its reader may not see. Lists are recognised by their shape, not by the request:
 * a replayed stream carries answers to other requests. Returns the same object when nothing changed.
 */
export function filterLists(message: JsonValue, reader: ListReader): JsonValue {
  if (Array.isArray(message)) return filterBatch(message, reader);
  const result = member(message, 'result');
  if (!isJsonObject(message) || !isJsonObject(result)) return message;
  const filtered = filterResult(result, reader);
  return filtered === result ? message : { ...message, result: filtered };
}

function filterBatch(messages: readonly JsonValue[], reader: ListReader): JsonValue {
  const filtered = messages.map((message) => filterLists(message, reader));
  return filtered.some((message, index) => message !== messages[index]) ? filtered : messages;
}

function filterResult(result: JsonObject, reader: ListReader): JsonObject {
  let first: ListName | undefined;
  let filtered: Record<string, JsonValue> | undefined;
  for (const shape of lists) {
    const entries = member(result, shape.key);
    if (!Array.isArray(entries)) continue;
    first ??= shape.key;
    const visible = visibleEntries(entries, shape, reader);
    if (visible !== entries) (filtered ??= { ...result })[shape.key] = visible;
  }
  if (first === undefined) return result;
  const cursor = member(result, 'nextCursor');
  if (typeof cursor === 'string') {
    const sealed = reader.seal(cursor, first);
    if (sealed !== cursor) (filtered ??= { ...result })['nextCursor'] = sealed;
  }
  // A list that differs from caller to caller must not be cached for all (`cacheScope`, revision 2026-07-28).
  if ((filtered !== undefined || claimsPublic(result)) && Object.hasOwn(result, 'cacheScope'))
    (filtered ??= { ...result })['cacheScope'] = 'private';
  return filtered ?? result;
}

/** The same array when all of it is visible as it is. */
function visibleEntries(entries: readonly JsonValue[], shape: ListShape, reader: ListReader): readonly JsonValue[] {
  let changed = false;
  const visible: JsonValue[] = [];
  for (const entry of entries) {
    const found = member(entry, shape.name);
    const name = typeof found === 'string' ? found : undefined;
    if (!reader.shows(shape.kind, name, shape.template)) {
      changed = true;
      continue;
    }
    const isTool = shape.kind === 'tool' && name !== undefined && isJsonObject(entry);
    const described = isTool ? reader.describeTool(name, entry) : entry;
    changed ||= described !== entry;
    visible.push(described);
  }
  return changed ? visible : entries;
}

function claimsPublic(result: JsonObject): boolean {
  const scope = member(result, 'cacheScope');
  return scope !== undefined && scope !== 'private';
}
