import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { RowServer } from '../rows/row-server.ts';
import type { ServerMessage, ServerOrder, ServerRequest } from './protocol.ts';

// One row in a process of its own. Started by the bench with an order as its argument and an IPC channel.
const order = JSON.parse(process.argv[2] ?? '') as ServerOrder;
const row = await createRow(order);
const server = createServer(row.listener);
row.prepare?.(server);
server.listen(0, '127.0.0.1', () => {
  say({ type: 'ready', origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
});

process.on('message', (request: ServerRequest) => {
  if (request.type === 'stop') void stop();
  else {
    const { user, system } = process.cpuUsage();
    say({ type: 'usage', cpuMicros: user + system });
  }
});
// Without the bench there is nobody to stop this process.
process.once('disconnect', () => process.exit());

// A row is loaded on demand: a process has nothing in it but what it measures.
async function createRow(options: ServerOrder): Promise<RowServer> {
  switch (options.row) {
    case 'node-http':
      return (await import('../rows/node-http.ts')).createNodeHttpRow();
    case 'express':
      return (await import('../rows/express-route.ts')).createExpressRow();
    case 'sdk':
      return (await import('../rows/sdk.ts')).createSdkRow(options);
    case 'official':
      return (await import('../rows/official.ts')).createOfficialRow(options);
    case 'sallyport':
      return (await import('../rows/sallyport.ts')).createSallyportRow(options);
  }
}

async function stop(): Promise<void> {
  server.close();
  server.closeAllConnections();
  await row.close();
  process.disconnect();
}

function say(message: ServerMessage): void {
  process.send?.(message);
}
