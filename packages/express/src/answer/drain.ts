import type { IncomingMessage, ServerResponse } from 'node:http';
import { takeContinue } from '../server/guard-server.ts';

const drainBytes = 64 * 1024;
const lingerMs = 1_000;

/**
 * Deals with a body nobody will read. Up to 64 KiB are drained so that the connection stays usable; beyond that the answer
 * says `Connection: close` and the socket is destroyed one second after it. Call before the answer's head is written.
 */
export function discardBody(req: IncomingMessage, res: ServerResponse): void {
  if (req.complete || req.destroyed) return;
  const declared = Number(req.headers['content-length'] ?? (req.headers['transfer-encoding'] === undefined ? 0 : Infinity));
  // A client that waits for 100 may send its body or not; nobody can tell where the next request would begin.
  if (declared <= drainBytes && !takeContinue(req)) {
    req.resume();
    return;
  }
  res.setHeader('Connection', 'close');
  res.once('finish', () => {
    const { socket } = req;
    const timer = setTimeout(() => socket.destroy(), lingerMs);
    timer.unref();
    socket.once('close', () => clearTimeout(timer));
  });
}
