import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { McpServer, ResourceTemplate } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { isInitializeRequest, type ServerNotification, type ServerRequest } from '@modelcontextprotocol/sdk/types.js';
import { principalOf } from '@sallyport/express';
import { configUri, noteTemplate, readConfig, readNote, serverInfo, summarize } from './reads.ts';
import type { ToolRun } from './tools/tool.ts';
import { tools } from './tools/tools.ts';
import { z } from 'zod';

type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>;

/** The same surface as the stateless server, on the v1 SDK with sessions: what `legacy: "handler"` puts behind the guard. */
export function createSessionfulHandler(): (
  req: IncomingMessage,
  res: ServerResponse,
  body?: unknown,
) => Promise<void> {
  const transports = new Map<string, StreamableHTTPServerTransport>();

  async function open(): Promise<StreamableHTTPServerTransport> {
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      onsessioninitialized: (id) => void transports.set(id, transport),
      onsessionclosed: (id) => void transports.delete(id),
    });
    await buildSessionServer().connect(transport);
    return transport;
  }

  return async (req, res, body) => {
    const id = req.headers['mcp-session-id'];
    const known = typeof id === 'string' ? transports.get(id) : undefined;
    const transport = known ?? (isInitializeRequest(body) ? await open() : undefined);
    if (transport !== undefined) {
      await transport.handleRequest(req, res, body);
      return;
    }
    res.writeHead(id === undefined ? 400 : 404, { 'content-type': 'application/json' });
    res.end(JSON.stringify({ jsonrpc: '2.0', error: { code: -32_000, message: 'No session' }, id: null }));
  };
}

function buildSessionServer(): McpServer {
  const server = new McpServer(serverInfo, { capabilities: { logging: {} } });
  for (const tool of tools) {
    server.registerTool(tool.name, { description: tool.description, inputSchema: tool.input }, (args, extra) =>
      tool.run(args, runOf(extra)),
    );
  }
  server.registerResource(
    'note',
    new ResourceTemplate(noteTemplate, { list: undefined }),
    {},
    (uri, variables, extra) => readNote(uri, String(variables['id']), principalOf(extra)?.subject),
  );
  server.registerResource('config', configUri, {}, (uri, extra) => readConfig(uri, principalOf(extra)?.subject));
  const argsSchema = { topic: z.string().optional() };
  server.registerPrompt('summarize', { description: 'Summarizes notes', argsSchema }, ({ topic }, extra) =>
    summarize(topic ?? 'everything', principalOf(extra)?.subject),
  );
  return server;
}

function runOf(extra: Extra): ToolRun {
  const progressToken = extra._meta?.progressToken ?? extra.requestId;
  return {
    caller: principalOf(extra),
    signal: extra.signal,
    progress: (progress, total) =>
      extra.sendNotification({ method: 'notifications/progress', params: { progressToken, progress, total } }),
  };
}
