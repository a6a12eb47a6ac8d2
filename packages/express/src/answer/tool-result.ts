import { errorPage, reasons, type JsonObject, type Refusal } from '@sallyport/core';
import type { Passage } from '../passage/passage.ts';
import { challengesFor } from './challenges.ts';

/**
 * The refusal of a tool call as the result of the tool (MCP SEP-1489), for clients that look for a challenge there and not in HTTP 403;
 * `undefined` for everybody else, and for every refusal that no step-up could change.
 */
export function refusalAsResult(passage: Passage, refusal: Refusal): JsonObject | undefined {
  const { call, principal, runtime } = passage;
  if (call?.kind !== 'request' || call.id === undefined || call.method !== 'tools/call' || !principal) return undefined;
  const readers = runtime.config.stepUp.wwwAuthenticateMetaFor;
  if (!readers.includes('*') && (principal.clientId === null || !readers.includes(principal.clientId)))
    return undefined;
  if (!canStepUp(refusal)) return undefined;
  const { code, message } = refusal;
  return {
    jsonrpc: '2.0',
    id: call.id,
    result: {
      ...(call.era === 'modern' && { resultType: 'complete' }),
      content: [{ type: 'text', text: message }],
      isError: true,
      _meta: {
        'mcp/www_authenticate': challengesFor(passage, refusal) ?? [],
        'dev.sallyport/refusal': { code, doc: errorPage(code) },
      },
    },
  };
}

function canStepUp({ shownAs, scopes = [] }: Refusal): boolean {
  const { challenge } = reasons[shownAs];
  return challenge === 'insufficient_user_authentication' || (challenge === 'insufficient_scope' && scopes.length > 0);
}
