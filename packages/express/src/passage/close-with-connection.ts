import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

const responses = new WeakMap<Socket, Set<ServerResponse>>();

/**
 * Makes a response close when its connection does. Node emits `close` only on the response that has the socket; one that is
 * queued behind it, because its request was pipelined, would never end when the connection dies.
 */
export function closeWithConnection(req: IncomingMessage, res: ServerResponse): void {
  const open = responses.get(req.socket) ?? watch(req.socket);
  open.add(res);
  res.once('close', () => open.delete(res));
}

function watch(socket: Socket): Set<ServerResponse> {
  const open = new Set<ServerResponse>();
  responses.set(socket, open);
  // One listener for all: a connection may carry any number of requests.
  socket.once('close', () => {
    for (const res of open) {
      res.destroy();
      res.emit('close');
    }
  });
  return open;
}
