import type { TargetKind } from '@sallyport/core';

/**
 * What a method asks for besides a valid token. `open`: nothing. `target`: its single target of one of the kinds.
 * `targets`: all its resources. `task`: a task of the caller. `legacyOnly`: the revision 2026-07-28 has no such method.
 */
export type MethodRule =
  | { readonly kind: 'open' }
  | {
      readonly kind: 'target';
      readonly targets: readonly TargetKind[];
      readonly byKey?: true;
      readonly legacyOnly?: true;
    }
  | { readonly kind: 'targets' }
  | { readonly kind: 'task'; readonly legacyOnly?: true };

const open: MethodRule = { kind: 'open' };
const legacyResource: MethodRule = { kind: 'target', targets: ['resource'], legacyOnly: true };
const task: MethodRule = { kind: 'task' };

/**
 * Every method a client may send. What is not here is refused as unknown. `tasks/list` is not here: it has no target,
 * and a server without tasks does not have the method.
 */
export const methodTable: ReadonlyMap<string, MethodRule> = new Map<string, MethodRule>([
  ['initialize', open],
  ['ping', open],
  ['server/discover', open],
  ['logging/setLevel', open],
  ['tools/list', open],
  ['resources/list', open],
  ['resources/templates/list', open],
  ['prompts/list', open],
  ['tools/call', { kind: 'target', targets: ['tool'] }],
  ['prompts/get', { kind: 'target', targets: ['prompt'] }],
  ['resources/read', { kind: 'target', targets: ['resource'] }],
  ['resources/subscribe', legacyResource],
  ['resources/unsubscribe', legacyResource],
  ['completion/complete', { kind: 'target', targets: ['prompt', 'resource'], byKey: true }],
  ['subscriptions/listen', { kind: 'targets' }],
  ['tasks/get', task],
  ['tasks/update', task],
  ['tasks/cancel', task],
  ['tasks/result', { kind: 'task', legacyOnly: true }],
]);

/** Notifications a client sends need only a valid token, whatever their name: a server that does not know one ignores it. */
export const notificationPrefix = 'notifications/';
