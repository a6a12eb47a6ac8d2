import type { IncomingMessage } from 'node:http';
import { Refusal } from '@sallyport/core';
import { fieldLines, removeHeaders } from '../network/raw-headers.ts';
import type { Passage } from '../passage/passage.ts';

const sessionHeader = 'mcp-session-id';
const sessionHeaders: ReadonlySet<string> = new Set([sessionHeader]);

/**
 * Lets a session id through only to a sessionful handler and only for its owner. Everywhere else the header is removed:
 * a stateless server must not see it, and a client can not choose the id of a new session.
 */
export function guardSession(passage: Passage, req: IncomingMessage): void | Promise<void> {
  const ids = fieldLines(req, sessionHeader);
  const { call, principal, runtime } = passage;
  const legacy = call === undefined || call.era === 'legacy';
  if (runtime.config.legacy !== 'handler' || !legacy || call?.method === 'initialize') {
    if (ids.length > 0) removeHeaders(req, sessionHeaders);
    return undefined;
  }
  if (ids.length === 0) {
    if (call?.kind === 'response') throw new Refusal('response_refused');
    return undefined;
  }
  const id = ids[0];
  if (ids.length !== 1 || id === undefined || !principal) throw new Refusal('session_unknown');
  return runtime.sessions.requireOwner(id, principal).then(
    () => {
      passage.sessionId = id;
    },
    (error: unknown) => {
      throw error instanceof Refusal ? error : new Refusal('store_down', { retryAfterSeconds: 1, cause: error });
    },
  );
}
