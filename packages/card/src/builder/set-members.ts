import { isJsonObject, type JsonObject, type JsonValue } from '@sallyport/core';
import { bareObject } from '../card/bare-object.ts';
import type { DocumentPath } from '../card/card-problem.ts';

export interface MemberChange {
  readonly path: DocumentPath;
  readonly value: JsonValue;
}

/** A copy of a document in which the members at these paths have these values. What is no object on the way there is replaced by one. */
export function setMembers(document: JsonObject, changes: readonly MemberChange[]): JsonObject {
  const result = copyOf(document);
  for (const { path, value } of changes) {
    let holder = result;
    for (const part of path.slice(0, -1)) {
      const inner = holder[part];
      const next = isJsonObject(inner) ? (inner as Record<string, JsonValue>) : bareObject();
      holder[part] = next;
      holder = next;
    }
    holder[path.at(-1) ?? ''] = copyOf(value);
  }
  return result;
}

function copyOf<T extends JsonValue>(value: T): T & Record<string, JsonValue>;
function copyOf(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map((item: JsonValue) => copyOf(item));
  if (!isJsonObject(value)) return value;
  const copy = bareObject();
  for (const [key, inner] of Object.entries(value)) copy[key] = copyOf(inner);
  return copy;
}
