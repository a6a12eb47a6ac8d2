/** What stands for a name that only its sender knows. */
export const other = '_OTHER';

/** Methods that a client may send in any revision, as the conventions list them, and those of the Tasks extension (SEP-2663). */
const known = new Set([
  'initialize',
  'ping',
  'server/discover',
  'logging/setLevel',
  'tools/list',
  'tools/call',
  'resources/list',
  'resources/templates/list',
  'resources/read',
  'resources/subscribe',
  'resources/unsubscribe',
  'prompts/list',
  'prompts/get',
  'completion/complete',
  'subscriptions/listen',
  'tasks/get',
  'tasks/update',
  'tasks/cancel',
  'tasks/list',
  'tasks/result',
  'notifications/initialized',
  'notifications/cancelled',
  'notifications/progress',
  'notifications/roots/list_changed',
]);

/** The method, or `_OTHER` for one that MCP does not have: a caller may make up any number of them. */
export function knownMethod(method: string): string {
  return known.has(method) ? method : other;
}
