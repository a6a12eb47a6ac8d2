import type { Passage } from '../passage/passage.ts';
import type { AnswerHead } from './answer-head.ts';

/** Binds the session an `initialize` answer opens to its caller, and ends the binding after a DELETE. Before anything is sent. */
export function bindSession(passage: Passage, head: AnswerHead, httpMethod: string): Promise<void> | undefined {
  const { call, principal, runtime, sessionId } = passage;
  if (runtime.config.legacy !== 'handler' || !principal || head.status >= 300) return undefined;
  const opened = head.headers.get('mcp-session-id');
  const about = { call: passage.id, principal };
  if (call?.method === 'initialize' && typeof opened === 'string') {
    return runtime.sessions.bind(opened, principal).then(() => runtime.record({ type: 'session.created', ...about }));
  }
  if (httpMethod === 'DELETE' && sessionId !== undefined) {
    return runtime.sessions.end(sessionId).then(() => runtime.record({ type: 'session.ended', ...about }));
  }
  return undefined;
}
