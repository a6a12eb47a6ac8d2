import type { IncomingMessage, ServerResponse } from 'node:http';
import { localServer } from './local-server.ts';

/** Answers a request, or says by `false` that the right answer is due. */
export type Bend = (req: IncomingMessage, res: ServerResponse) => boolean;

export const allowedOrigin = 'https://app.example.com';

/** A server that answers as a guarded one does, but where `bend` answers instead; its endpoint. */
export async function bentServer(bend: Bend = () => false): Promise<string> {
  let origin = '';
  origin = await localServer((req, res) => {
    if (!bend(req, res)) answer(origin, req, res);
  });
  return `${origin}/mcp`;
}

/** The right answers, good enough for a doctor. */
function answer(origin: string, req: IncomingMessage, res: ServerResponse): void {
  const path = req.url ?? '';
  if (path.startsWith('/.well-known/')) {
    res.setHeader('access-control-allow-origin', '*');
    sendJson(res, 200, { resource: `${origin}/mcp`, authorization_servers: ['http://127.0.0.1:9'] });
    return;
  }
  const from = req.headers.origin;
  if (from !== undefined && from !== allowedOrigin) {
    res.writeHead(403).end();
    return;
  }
  if (from !== undefined) {
    res.setHeader('access-control-allow-origin', from);
    res.setHeader('access-control-expose-headers', 'WWW-Authenticate');
  }
  if (req.method === 'OPTIONS') {
    res.setHeader('access-control-allow-headers', 'authorization, content-type, mcp-protocol-version, mcp-method');
    res.writeHead(204).end();
    return;
  }
  const error = req.headers.authorization === undefined ? '' : 'error="invalid_token", ';
  sendJson(
    res,
    401,
    {},
    { 'www-authenticate': `Bearer ${error}resource_metadata="${origin}/.well-known/oauth-protected-resource/mcp"` },
  );
}

export function sendJson(
  res: ServerResponse,
  status: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): true {
  res.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  return true;
}
