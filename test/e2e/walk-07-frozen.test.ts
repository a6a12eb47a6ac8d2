import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { startDevIdp, type DevIdp } from '@sallyport/dev-idp';
import { callOf, createSallyport, mount, type CreateSallyportOptions, type Sallyport } from '@sallyport/express';
import express from 'express';
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { legacy, modern, send } from './support/mcp-request.ts';
import { defaultConfig, resource } from './support/target.ts';
import { verifies } from './support/verifies.ts';

interface Seen {
  readonly body: unknown;
  readonly argument: unknown;
  readonly message: unknown;
  readonly bytes: string;
}

const quiet = { info() {}, warn() {}, error() {}, debug() {}, child: () => quiet };
const log = quiet as unknown as NonNullable<CreateSallyportOptions['log']>;

let folder = '';
let idp: DevIdp;
let suite: Sallyport;
let server: Server;
let url = '';
let seen: Seen[] = [];

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'sallyport-frozen-'));
  idp = await startDevIdp({ quiet: true });
  const config = defaultConfig({ issuer: idp.issuer, config: { audit: { directory: path.join(folder, 'audit') } } });
  suite = await createSallyport(config as never, { log });
  const app = express();
  app.all('/mcp', suite.protect, mount(look));
  server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
});
afterAll(async () => {
  server.close();
  server.closeAllConnections();
  await suite.close();
  await idp.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  seen = [];
});

/** A handler that writes down everything from which a server could take the call. */
async function look(req: IncomingMessage & { body?: unknown }, res: ServerResponse, argument?: unknown): Promise<void> {
  seen.push({ body: req.body, argument, message: callOf(req)?.message, bytes: await text(req) });
  res.writeHead(200, { 'content-type': 'application/json' }).end('{"jsonrpc":"2.0","id":1,"result":{}}');
}

function isDeeplyFrozen(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return Object.isFrozen(value) && Object.values(value).every(isDeeplyFrozen);
}

for (const [era, make] of Object.entries({ modern, legacy })) {
  verifies(
    'WALK-07-FROZEN',
    `the handler of a ${era} call gets the very message that was checked, frozen (F-35)`,
    async () => {
      const token = await idp.mintToken({ subject: 'good', scopes: ['echo:call'], resource });
      const args = { text: 'hello', deep: [{ a: { b: 1 } }], __proto__x: {} };
      const request = make('tools/call', { name: 'echo', arguments: args }, { token });
      expect((await send(url, request)).status).toBe(200);
      const [one] = seen as [Seen];
      expect(seen).toHaveLength(1);
      expect(one.argument).toBe(one.body);
      expect(one.message).toBe(one.body);
      expect(one.bytes).toBe(request.body);
      expect(one.body).toEqual(JSON.parse(one.bytes));
      expect(isDeeplyFrozen(one.body)).toBe(true);
      expect(() => Object.assign((one.body as { params: object }).params, { name: 'write-note' })).toThrow(TypeError);
    },
  );
}

verifies('WALK-07-FROZEN', 'a member called __proto__ stays a member and lends nothing to the message', async () => {
  const token = await idp.mintToken({ subject: 'good', scopes: ['echo:call'], resource });
  const { headers } = legacy('tools/call', {}, { token });
  const params = '{"name":"echo","arguments":{"__proto__":{"text":"inherited"}}}';
  const body = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":${params}}`;
  expect((await send(url, { headers, body })).status).toBe(200);
  const [{ body: message }] = seen as [Seen];
  const { arguments: args } = (message as { params: { arguments: Record<string, unknown> } }).params;
  expect(Object.keys(args)).toEqual(['__proto__']);
  expect(args['text']).toBeUndefined();
  expect(isDeeplyFrozen(args)).toBe(true);
});
