import { isRecordedInClear, textAt, textsAt, type AuditRecord } from '@sallyport/core';
import type { Replayed } from '@sallyport/card';

/** What a server that does not have a target says, and what it says when the card does not have it: the same for the caller. */
const sameReason: ReadonlyMap<string | undefined, string> = new Map([
  ['unknown_tool', 'tool_not_in_card'],
  ['unknown_resource', 'resource_not_in_card'],
  ['unknown_prompt', 'prompt_not_in_card'],
]);

/** How a decision compares with the recorded one. `otherwise`: the same effect for another reason, by another rule or with other scopes. */
export function comparedWith(
  record: AuditRecord,
  replayed: Extract<Replayed, { kind: 'decided' | 'same_policy' }>,
): 'same' | 'otherwise' | 'newly_denied' | 'newly_allowed' {
  if (replayed.kind === 'same_policy') return 'same';
  const { decision, exact } = replayed;
  const { effect, reason, rule } = decision;
  if (textAt(record, 'decision', 'effect') !== effect) return effect === 'deny' ? 'newly_denied' : 'newly_allowed';
  if (!exact) return 'same';
  const recorded = textAt(record, 'decision', 'reason');
  const sameWords = (field: 'requiredScopes' | 'missingScopes'): boolean =>
    sameScopes(textsAt(record, 'decision', field), decision[field]);
  const same =
    (sameReason.get(recorded) ?? recorded) === reason &&
    sameText(textAt(record, 'decision', 'rule'), rule) &&
    sameWords('requiredScopes') &&
    sameWords('missingScopes');
  return same ? 'same' : 'otherwise';
}

/** A shortened text says nothing about what it was. */
function sameText(recorded: string | undefined, text: string): boolean {
  return recorded === text || (recorded !== undefined && !isRecordedInClear(recorded));
}

function sameScopes(recorded: readonly string[], scopes: readonly string[]): boolean {
  if (!recorded.every(isRecordedInClear)) return true;
  return recorded.length === scopes.length && scopes.every((scope) => recorded.includes(scope));
}
