import type { IncomingMessage, Server, ServerResponse } from 'node:http';

const waiting = new WeakSet<IncomingMessage>();

/**
 * Makes a Node server answer `Expect: 100-continue` only after authentication.
 * Without it Node itself invites the body before the first station ran (RFC 9110 §10.1.1).
 */
export function guardServer(server: Server): void {
  server.on('checkContinue', (req: IncomingMessage, res: ServerResponse) => {
    waiting.add(req);
    server.emit('request', req, res);
  });
}

/** True once for a request whose client waits to be told to send its body. */
export function takeContinue(req: IncomingMessage): boolean {
  return waiting.delete(req);
}
