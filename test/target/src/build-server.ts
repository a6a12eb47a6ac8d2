import { McpServer, ResourceTemplate, type ServerContext } from '@modelcontextprotocol/server';
import { principalOf } from '@sallyport/express';
import { z } from 'zod';
import { configUri, noteTemplate, readConfig, readNote, serverInfo, summarize } from './reads.ts';
import type { ToolRun } from './tools/tool.ts';
import { tools } from './tools/tools.ts';

// Schemas are made once: a server is built for every request.
const toolSchemas = new Map(tools.map((tool) => [tool.name, z.object(tool.input)]));
const promptSchema = z.object({ topic: z.string().optional() });

/** The MCP server of one request. */
export function buildServer(): McpServer {
  const server = new McpServer(serverInfo, { capabilities: { logging: {} } });
  for (const tool of tools) {
    const inputSchema = toolSchemas.get(tool.name) ?? z.object({});
    server.registerTool(tool.name, { description: tool.description, inputSchema }, (args, ctx) =>
      tool.run(args, runOf(ctx)),
    );
  }
  server.registerResource('note', new ResourceTemplate(noteTemplate, { list: undefined }), {}, (uri, variables, ctx) =>
    readNote(uri, String(variables['id']), principalOf(ctx)?.subject),
  );
  server.registerResource('config', configUri, {}, (uri, ctx) => readConfig(uri, principalOf(ctx)?.subject));
  server.registerPrompt('summarize', { description: 'Summarizes notes', argsSchema: promptSchema }, ({ topic }, ctx) =>
    summarize(topic ?? 'everything', principalOf(ctx)?.subject),
  );
  return server;
}

function runOf(ctx: ServerContext): ToolRun {
  const progressToken = ctx.mcpReq._meta?.progressToken ?? ctx.mcpReq.id;
  return {
    caller: principalOf(ctx),
    signal: ctx.mcpReq.signal,
    progress: (progress, total) =>
      ctx.mcpReq.notify({ method: 'notifications/progress', params: { progressToken, progress, total } }),
  };
}
