import type { IncomingMessage } from 'node:http';
import type { McpCall, Principal } from '@sallyport/core';
import { passageOf } from '../passage/passage.ts';

/** Where the SDK hands `AuthInfo` to a tool: `ctx.http.authInfo` (v2) or `extra.authInfo` (v1). */
export interface ToolContext {
  readonly http?: { readonly authInfo?: AuthInfoLike | undefined } | undefined;
  readonly authInfo?: AuthInfoLike | undefined;
}

interface AuthInfoLike {
  readonly extra?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * The caller, inside a tool, resource or prompt of either SDK line. `undefined` for an anonymous call of a public method.
 *
 * @param ctx the second argument of the callback
 */
export function principalOf(ctx: ToolContext): Principal | undefined {
  const info = ctx.http?.authInfo ?? ctx.authInfo;
  return info?.extra?.['principal'] as Principal | undefined;
}

/** The call a request carries, once the walk has matched it: the object that policy and audit saw. */
export function callOf(req: IncomingMessage): McpCall | undefined {
  return passageOf(req)?.call;
}
