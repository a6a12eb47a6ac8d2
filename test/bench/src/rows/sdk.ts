import type { RequestListener } from 'node:http';

import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler } from '@modelcontextprotocol/server';

import { buildServer } from '../server/build-server.ts';
import type { RowOptions, RowServer } from './row-server.ts';

/** The SDK's handler on `node:http`, open to everybody. */
export function createSdkRow({ tools }: RowOptions): RowServer {
  const handler = createMcpHandler(() => buildServer({ tools, requiresScopes: false }));
  return {
    // Its parameters are typed without regard to exactOptionalPropertyTypes; they are Node's own.
    listener: toNodeHandler(handler) as RequestListener,
    close: () => handler.close(),
  };
}
