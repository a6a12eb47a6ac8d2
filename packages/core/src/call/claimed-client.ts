import { holdsCredential } from '../audit/recorded-text.ts';
import { boundedText } from '../text/bounded-text.ts';
import { member, type JsonObject } from './json.ts';
import type { Era } from './mcp-call.ts';

const maxClientLength = 128;

/**
 * `name/version` as the client says of itself: in `_meta` of every modern request, in `initialize` of the 2025 era. Not
 * verified by anything; for records only. Well-formed and at most 128 characters; `undefined` when it looks like a
 * credential, which after the cut nothing could recognise any more.
 */
export function claimedClient(method: string, params: JsonObject | undefined, era: Era): string | undefined {
  const holder = era === 'modern' ? member(params, '_meta') : method === 'initialize' ? params : undefined;
  const info = member(holder, era === 'modern' ? 'io.modelcontextprotocol/clientInfo' : 'clientInfo');
  const name = member(info, 'name');
  if (typeof name !== 'string') return undefined;
  const version = member(info, 'version');
  const claim = typeof version === 'string' ? `${name}/${version}` : name;
  return holdsCredential(claim, maxClientLength) ? undefined : boundedText(claim, maxClientLength);
}
