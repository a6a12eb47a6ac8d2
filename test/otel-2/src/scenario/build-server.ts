import { McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';
import type { HostSdk } from './host-sdk.ts';

/** Scopes of the tools; the caller of the scenario has `notes:read`. */
const tools = {
  echo: { scopes: ['notes:read'], sensitive: ['/pin'] },
  fail: { scopes: ['notes:read'] },
  forbidden: { scopes: ['notes:write'] },
  hidden: { scopes: ['notes:write'], disclosure: 'hide' },
  crash: { scopes: ['notes:read'] },
  cancel: { scopes: ['notes:read'] },
  hang: { scopes: ['notes:read'] },
};

export const card = {
  $schema: 'https://static.modelcontextprotocol.io/schemas/v1/server-card.schema.json',
  name: 'dev.sallyport/otel-test',
  description: 'Plays every outcome of a call',
  version: '1.0.0',
  _meta: { 'dev.sallyport/access': { scopes: { 'notes:read': {}, 'notes:write': {} }, tools } },
};

/** The tools that the SDK serves; the others are answered by a handler that misbehaves. */
export function buildServer(sdk: HostSdk): McpServer {
  const server = new McpServer({ name: 'otel-test', version: '1' });
  const inputSchema = z.object({ text: z.string(), pin: z.string(), password: z.string() }).partial();
  server.registerTool('echo', { inputSchema }, ({ text = '', pin = '' }) => {
    const user = sdk.work('look up', 'user') ?? 'nobody';
    return { content: [{ type: 'text', text: `${text} ${pin} for ${user}` }] };
  });
  server.registerTool('fail', {}, () => {
    throw new Error('the note is gone');
  });
  return server;
}
