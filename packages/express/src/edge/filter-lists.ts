import {
  isJsonObject,
  member,
  type Authorizer,
  type JsonObject,
  type JsonValue,
  type Principal,
  type TargetKind,
} from '@sallyport/core';

interface ListShape {
  readonly key: string;
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
export function filterLists(message: JsonValue, authorizer: Authorizer, principal: Principal | null): JsonValue {
  if (Array.isArray(message)) return filterBatch(message, authorizer, principal);
  const result = member(message, 'result');
  if (!isJsonObject(message) || !isJsonObject(result)) return message;
  let filtered: Record<string, JsonValue> | undefined;
  for (const shape of lists) {
    const entries = member(result, shape.key);
    if (!Array.isArray(entries)) continue;
    const visible = entries.filter((entry: JsonValue) => isVisible(entry, shape, authorizer, principal));
    if (visible.length === entries.length && !claimsPublic(result)) continue;
    filtered ??= { ...result };
    filtered[shape.key] = visible;
    if (Object.hasOwn(result, 'cacheScope')) filtered['cacheScope'] = 'private';
  }
  return filtered === undefined ? message : { ...message, result: filtered };
}

function filterBatch(messages: readonly JsonValue[], authorizer: Authorizer, principal: Principal | null): JsonValue {
  const filtered = messages.map((message) => filterLists(message, authorizer, principal));
  return filtered.some((message, index) => message !== messages[index]) ? filtered : messages;
}

function isVisible(entry: JsonValue, shape: ListShape, authorizer: Authorizer, principal: Principal | null): boolean {
  const name = member(entry, shape.name);
  if (typeof name !== 'string' || principal === null) return false;
  return authorizer.sees(principal, { kind: shape.kind, name }, shape.template);
}

/** A list that differs from caller to caller must not be cached for all (`cacheScope`, revision 2026-07-28). */
function claimsPublic(result: JsonObject): boolean {
  const scope = member(result, 'cacheScope');
  return scope !== undefined && scope !== 'private';
}
