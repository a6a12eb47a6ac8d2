import type { IncomingMessage, ServerResponse } from 'node:http';
import { mayHideFields } from '../network/raw-headers.ts';
import { takeContinue } from '../server/guard-server.ts';

const drainBytes = 64 * 1024;
const lingerMs = 1_000;

/**
 * Deals with a body nobody will read. Up to 64 KiB are drained so that the connection stays usable; beyond that the answer
 * says `Connection: close`. Call before the answer's head is written.
 *
 * @returns whether the answer must be ended with `endUnread`
 */
export function discardBody(req: IncomingMessage, res: ServerResponse): boolean {
  if (req.complete || req.destroyed) return false;
  const declared = declaredBytes(req);
  // A client that waits for 100 may send its body or not; nobody can tell where the next request would begin.
  if (declared <= drainBytes && !takeContinue(req)) {
    req.resume();
    return false;
  }
  res.setHeader('Connection', 'close');
  return true;
}

/**
 * Ends an answer whose request has a body that is never read: the answer is sent whole, the socket is destroyed one second
 * later. Node would close it at once, and the reset that follows unread bytes can take the answer with it (RFC 9112 §9.6).
 */
export function endUnread(req: IncomingMessage, res: ServerResponse, body: Uint8Array | undefined): void {
  if (body === undefined) res.flushHeaders();
  else res.write(body);
  const timer = setTimeout(() => {
    res.end();
    req.socket.destroy();
  }, lingerMs);
  timer.unref();
  res.once('close', () => clearTimeout(timer));
}

function declaredBytes(req: IncomingMessage): number {
  if (mayHideFields(req) || req.headers['transfer-encoding'] !== undefined) return Infinity;
  return Number(req.headers['content-length'] ?? 0);
}
