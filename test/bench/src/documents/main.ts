import type { AddressInfo } from 'node:net';

import express from 'express';

import type { ServerMessage, ServerRequest } from '../server/protocol.ts';
import type { StaticOrder } from './protocol.ts';

// What a document costs with Express alone: one route, the bytes at hand, Express's own ETag and 304. Started by the bench.
const { body, contentType } = JSON.parse(process.argv[2] ?? '') as StaticOrder;
const bytes = Buffer.from(body, 'base64');
const app = express();
app.get('/mcp/server-card', (_req, res) => void res.type(contentType).send(bytes));
const server = app.listen(0, '127.0.0.1', () => {
  say({ type: 'ready', origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
});

process.on('message', (request: ServerRequest) => {
  if (request.type === 'usage') {
    const { user, system } = process.cpuUsage();
    say({ type: 'usage', cpuMicros: user + system });
    return;
  }
  server.close();
  server.closeAllConnections();
  process.disconnect();
});
// Without the bench there is nobody to stop this process.
process.once('disconnect', () => process.exit());

function say(message: ServerMessage): void {
  process.send?.(message);
}
