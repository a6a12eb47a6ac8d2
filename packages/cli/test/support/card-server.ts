import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { localServer } from './local-server.ts';

export const cardType = 'application/mcp-server-card+json';

export interface CardServerOptions {
  /** The card, for the endpoint of this server. */
  readonly card: (endpoint: string) => object;
  /** What `server/discover` says; absent: 404 for every call. */
  readonly discover?: { readonly serverInfo: object; readonly supportedVersions: readonly string[] };
  /** What `tools/list` names. */
  readonly tools?: readonly string[];
}

/** What a server was sent. */
export interface CardServer {
  readonly origin: string;
  readonly endpoint: string;
  /** Values of `Authorization`, of every request. */
  readonly credentials: (string | undefined)[];
}

/** A server on loopback with a card below its endpoint, and as much MCP as a comparison needs. */
export async function cardServer(options: CardServerOptions): Promise<CardServer> {
  const credentials: (string | undefined)[] = [];
  let endpoint = '';
  const origin = await localServer((req, res) => {
    credentials.push(req.headers.authorization);
    if (req.url === '/mcp/server-card') sendCard(res, options.card(endpoint));
    else if (req.url === '/mcp' && options.discover !== undefined) void answer(req, res, options);
    else res.writeHead(404).end();
  });
  endpoint = `${origin}/mcp`;
  return { origin, endpoint, credentials };
}

export function sendCard(res: ServerResponse, card: object | string): void {
  res
    .writeHead(200, { 'content-type': cardType, etag: '"1"' })
    .end(typeof card === 'string' ? card : JSON.stringify(card));
}

/** Answers one path; everything else is 404. */
export function only(path: string, handler: RequestListener): RequestListener {
  return (req, res) => {
    if (req.url === path) handler(req, res);
    else res.writeHead(404).end();
  };
}

export function cardOf(endpoint: string, changes: object = {}): object {
  return {
    $schema: 'https://static.modelcontextprotocol.io/schemas/v1/server-card.schema.json',
    name: 'com.example/notes',
    version: '1.2.3',
    description: 'Notes.',
    remotes: [{ type: 'streamable-http', url: endpoint, supportedProtocolVersions: ['2026-07-28'] }],
    ...changes,
  };
}

async function answer(
  req: IncomingMessage,
  res: ServerResponse,
  { discover, tools = [] }: CardServerOptions,
): Promise<void> {
  const { id, method } = JSON.parse(await text(req)) as { id: number; method: string };
  const common = { resultType: 'complete', ttlMs: 0, cacheScope: 'private' };
  const _meta = { 'io.modelcontextprotocol/serverInfo': discover?.serverInfo };
  const result =
    method === 'server/discover'
      ? { ...common, supportedVersions: discover?.supportedVersions, capabilities: { tools: {} }, _meta }
      : { ...common, tools: tools.map((name) => ({ name, inputSchema: { type: 'object' } })), _meta };
  res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ jsonrpc: '2.0', id, result }));
}
