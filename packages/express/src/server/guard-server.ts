import type { IncomingMessage, Server, ServerResponse } from 'node:http';

const waiting = new WeakSet<IncomingMessage>();

/**
 * Makes a Node server answer `Expect: 100-continue` only after authentication, and leave any other expectation to the walk.
 * Without it Node itself invites the body before the first station ran, and answers 417 without a record (RFC 9110 §10.1.1).
 */
export function guardServer(server: Server): void {
  server.on('checkContinue', (req: IncomingMessage, res: ServerResponse) => {
    waiting.add(req);
    server.emit('request', req, res);
  });
  server.on('checkExpectation', (req: IncomingMessage, res: ServerResponse) => void server.emit('request', req, res));
}

/** True once for a request whose client waits to be told to send its body. */
export function takeContinue(req: IncomingMessage): boolean {
  return waiting.delete(req);
}
