import type { IncomingMessage, ServerResponse } from 'node:http';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { McpServer as LegacyServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { createMcpHandler, McpServer, ResourceTemplate } from '@modelcontextprotocol/server';
import type { Request, RequestHandler, Response } from 'express';
import { z } from 'zod';
import { mount, principalOf, statelessHandler, type ToolContext } from '../../src/index.ts';

/** What a tool of these handlers saw. */
export interface Ran {
  readonly tool: string;
  readonly subject: string | undefined;
  /** Everything the tool got besides its arguments. */
  readonly context: unknown;
}

/** The same server behind every kind of handler there is. */
export interface HandlerCase {
  readonly name: string;
  readonly eras: readonly ('modern' | 'legacy')[];
  make(ran: Ran[]): RequestHandler;
}

const toolNames = ['whoami', 'read-note', 'write-note', 'purge-notes', 'unlisted'];
const info = { name: 'test', version: '1' };
const anyText = { text: z.string().optional() };

function buildServer(ran: Ran[]): McpServer {
  const server = new McpServer(info);
  for (const name of toolNames) {
    server.registerTool(name, { description: name, inputSchema: z.object(anyText) }, (args, ctx) =>
      answer(ran, name, args.text, ctx, ctx),
    );
  }
  server.registerResource('note', new ResourceTemplate('note:///{id}', { list: undefined }), {}, (uri) => ({
    contents: [{ uri: uri.href, text: 'a note' }],
  }));
  server.registerPrompt('summarize', {}, () => ({ messages: [] }));
  return server;
}

function buildLegacyServer(ran: Ran[]): LegacyServer {
  const server = new LegacyServer(info);
  for (const name of toolNames) {
    server.registerTool(name, { description: name, inputSchema: anyText }, (args, extra) =>
      answer(ran, name, args.text, extra, extra),
    );
  }
  return server;
}

function answer(
  ran: Ran[],
  tool: string,
  text: string | undefined,
  ctx: ToolContext,
  context: unknown,
): { content: { type: 'text'; text: string }[] } {
  const subject = principalOf(ctx)?.subject;
  ran.push({ tool, subject, context });
  return { content: [{ type: 'text', text: `${tool} for ${subject ?? 'nobody'}: ${text ?? ''}` }] };
}

/** A v1 transport as its documentation shows it: a server and a transport for every request, no session. */
function legacyTransport(ran: Ran[], enableJsonResponse: boolean): RequestHandler {
  return mount(async (req: IncomingMessage, res: ServerResponse, body: unknown) => {
    const transport = new StreamableHTTPServerTransport({ enableJsonResponse });
    await buildLegacyServer(ran).connect(transport);
    await transport.handleRequest(req, res, body);
  });
}

interface Rpc {
  readonly id: number;
  readonly method: string;
  readonly params: { readonly name: string; readonly arguments?: { readonly text?: string } };
}

/** The result a handler without an SDK gives. */
function handMade(ran: Ran[], rpc: Rpc, auth: unknown): object {
  const isList = rpc.method === 'tools/list';
  const ctx = { authInfo: auth } as ToolContext;
  const result = isList
    ? { tools: toolNames.map((name) => ({ name })) }
    : answer(ran, rpc.params.name, rpc.params.arguments?.text, ctx, auth);
  return { jsonrpc: '2.0', id: rpc.id, result };
}

type WithAuth<T> = T & { readonly auth?: unknown };

export const handlers: readonly HandlerCase[] = [
  {
    name: 'statelessHandler',
    eras: ['modern', 'legacy'],
    make: (ran) => statelessHandler(() => buildServer(ran)),
  },
  {
    name: 'toNodeHandler(createMcpHandler(…))',
    eras: ['modern', 'legacy'],
    make: (ran) => mount(toNodeHandler(createMcpHandler(() => buildServer(ran)))),
  },
  { name: 'a v1 transport that answers in JSON', eras: ['legacy'], make: (ran) => legacyTransport(ran, true) },
  { name: 'a v1 transport that streams', eras: ['legacy'], make: (ran) => legacyTransport(ran, false) },
  {
    name: 'a handler that reads the stream',
    eras: ['modern', 'legacy'],
    make: (ran) =>
      mount(async (req: WithAuth<IncomingMessage>, res: ServerResponse) => {
        const chunks: Buffer[] = [];
        for await (const chunk of req) chunks.push(chunk as Buffer);
        const rpc = JSON.parse(Buffer.concat(chunks).toString()) as Rpc;
        res.writeHead(200, { 'content-type': 'application/json' });
        res.end(JSON.stringify(handMade(ran, rpc, req.auth)));
      }),
  },
  {
    name: 'an Express handler that uses req.body',
    eras: ['modern', 'legacy'],
    make: (ran) =>
      mount((req: WithAuth<Request>, res: Response) => {
        res.status(200).json(handMade(ran, req.body as Rpc, req.auth));
      }),
  },
];
