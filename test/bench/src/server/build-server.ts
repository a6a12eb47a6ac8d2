import { McpServer, requireScopes } from '@modelcontextprotocol/server';
import * as z from 'zod';

import { toolScope } from './call.ts';

export interface BuildServerOptions {
  /** How many tools, `tool-1` and so on. */
  readonly tools: number;
  /** Whether the SDK itself must ask for the scope of each tool. */
  readonly requiresScopes: boolean;
}

/**
 * Builds the server that every row with tools serves. Schemas are made here, in the factory, as the SDK's documents do:
 * the SDK calls it anew for every request.
 */
export function buildServer(options: BuildServerOptions): McpServer {
  const server = new McpServer({ name: 'bench', version: '1.0.0' });
  const scopeChallenge = options.requiresScopes ? { scopeChallenge: requireScopes(toolScope) } : {};
  for (let number = 1; number <= options.tools; number += 1) {
    const name = `tool-${number}`;
    const inputSchema = z.object({ text: z.string() });
    server.registerTool(
      name,
      { description: `Answers with its name (${name})`, inputSchema, ...scopeChallenge },
      (args) => ({
        content: [{ type: 'text', text: `the answer of ${name} to ${args.text}` }],
      }),
    );
  }
  return server;
}
