import { request, type Agent, type IncomingHttpHeaders } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  readonly text: string;
}

export interface SendOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string | Uint8Array;
  /** Default: a connection for this request only. */
  readonly agent?: Agent;
}

/** One HTTP request, exactly as given. */
export function send(url: string, options: SendOptions = {}): Promise<Answer> {
  const { method = 'POST', headers = {}, body, agent } = options;
  return new Promise((resolve, reject) => {
    const req = request(url, { method, headers, agent: agent ?? false }, (res) => {
      const chunks: Buffer[] = [];
      res.on('data', (chunk: Buffer) => chunks.push(chunk));
      res.on('error', reject);
      res.on('end', () => {
        const bytes = Buffer.concat(chunks);
        resolve({ status: res.statusCode ?? 0, headers: res.headers, bytes, text: bytes.toString('utf8') });
      });
    });
    req.on('error', reject);
    req.end(body);
  });
}

const meta = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
  'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
};

export interface RpcOptions {
  readonly id?: string | number;
  readonly meta?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A 2026-07-28 request. */
export function modern(token: string, method: string, params: object = {}, options: RpcOptions = {}): SendOptions {
  const { name, uri } = params as { name?: string; uri?: string };
  return {
    headers: {
      ...common(token),
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': method,
      ...((name ?? uri) !== undefined && { 'mcp-name': name ?? uri ?? '' }),
      ...options.headers,
    },
    body: rpc(method, { ...params, _meta: { ...meta, ...options.meta } }, options.id),
  };
}

/** A 2025-11-25 request. */
export function legacy(token: string, method: string, params: object = {}, options: RpcOptions = {}): SendOptions {
  return {
    headers: { ...common(token), 'mcp-protocol-version': '2025-11-25', ...options.headers },
    body: rpc(method, params, options.id),
  };
}

function common(token: string): Record<string, string> {
  return {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    authorization: `Bearer ${token}`,
  };
}

function rpc(method: string, params: object, id: string | number = 1): string {
  return JSON.stringify({ jsonrpc: '2.0', id, method, params });
}
