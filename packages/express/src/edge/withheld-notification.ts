import { member, type JsonValue, type TargetKind } from '@sallyport/core';

/** Whoever reads a stream: which changes concern what they may see. */
export interface ChangeReader {
  shows(kind: TargetKind, name: string | undefined, template: boolean): boolean;
  /** Whether there is anything of this kind in the card that this reader sees. */
  showsAny(kind: TargetKind): boolean;
}

const changedLists: ReadonlyMap<JsonValue | undefined, TargetKind> = new Map([
  ['notifications/tools/list_changed', 'tool'],
  ['notifications/resources/list_changed', 'resource'],
  ['notifications/prompts/list_changed', 'prompt'],
]);

/**
 * True for the notification of a change that its reader must not learn of: an update of a resource they do not see, or a change of a
 * list in which they see nothing. A list change names no target, so whoever sees one entry is told of every change.
 */
export function isWithheld(message: JsonValue, reader: ChangeReader): boolean {
  const method = member(message, 'method');
  const kind = changedLists.get(method);
  if (kind !== undefined) return !reader.showsAny(kind);
  if (method !== 'notifications/resources/updated') return false;
  const uri = member(member(message, 'params'), 'uri');
  return !reader.shows('resource', typeof uri === 'string' ? uri : undefined, false);
}
