import type { Decision, McpCall, Reason } from '@sallyport/core';

/**
 * What only the policy of the card refuses. Not here: what no server runs or what is not the caller's own (`notification_refused`,
 * `response_refused`, `unknown_task`).
 */
const observed: ReadonlySet<Reason | undefined> = new Set<Reason | undefined>([
  'insufficient_scope',
  'condition',
  'step_up_required',
  'tool_not_in_card',
  'resource_not_in_card',
  'prompt_not_in_card',
  // The server answers these itself, as it did before it was guarded; it may know more than it told at start.
  'unknown_tool',
  'unknown_resource',
  'unknown_prompt',
  'unknown_method',
]);

/** Whether observe mode lets a denied call pass. Only requests do: a call sent as a notification runs with no scope in the world. */
export function passesObserved(decision: Decision, call: McpCall): boolean {
  return call.kind === 'request' && observed.has(decision.reason);
}
