import { isJsonObject, member, Refusal } from '@sallyport/core';
import type { ListName } from '../edge/filter-lists.ts';
import type { Passage } from '../passage/passage.ts';

const listOf: ReadonlyMap<string, ListName> = new Map([
  ['tools/list', 'tools'],
  ['resources/list', 'resources'],
  ['resources/templates/list', 'resourceTemplates'],
  ['prompts/list', 'prompts'],
]);

/**
 * Puts the server's own cursor in place of the sealed one of a list call, before anything is decided: policy, audit and handler see the
 * same frozen message. Observe mode changes no cursor.
 *
 * @throws Refusal `cursor_invalid` (−32602) for a cursor that this caller was not given
 */
export function openCursor(passage: Passage): void {
  const { call, principal, runtime } = passage;
  if (!principal || call?.kind !== 'request' || runtime.config.enforcement === 'observe') return;
  const list = listOf.get(call.method);
  const params = member(call.message, 'params');
  const sealed = member(params, 'cursor');
  if (list === undefined || sealed === undefined || !isJsonObject(params)) return;
  const cursor = typeof sealed === 'string' ? runtime.cursors.open(sealed, principal, list) : undefined;
  if (cursor === undefined) throw new Refusal('cursor_invalid');
  const message = Object.freeze({ ...call.message, params: Object.freeze({ ...params, cursor }) });
  passage.call = Object.freeze({ ...call, message });
  passage.body = message;
  // A handler that reads the stream gets this message written again.
  passage.bodyBytes = undefined;
}
