import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Every `WWW-Authenticate` field line. */
  readonly challenges: readonly string[];
  readonly text: string;
  /** The body as JSON; `undefined` when it is not JSON. */
  readonly json: JsonRpcAnswer | undefined;
}

export interface JsonRpcAnswer {
  readonly jsonrpc: string;
  readonly id?: string | number | null;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: Record<string, unknown> };
}

/** A header with one field line or several; `undefined` leaves it out. */
export type HeaderValue = string | string[] | undefined;

export interface SendOptions {
  readonly method?: string;
  readonly headers?: Record<string, HeaderValue>;
  readonly body?: string | Uint8Array;
  /** The request target as written on the wire. Default: path and query of the URL. */
  readonly target?: string;
}

/** One HTTP request on a connection of its own, exactly as given: nothing is added but Host, Connection and Content-Length. */
export function send(url: string, options: SendOptions = {}): Promise<Answer> {
  const { hostname, port, pathname, search } = new URL(url);
  const headers = Object.fromEntries(Object.entries(options.headers ?? {}).filter(([, value]) => value !== undefined));
  // Without it Node sends the body of a DELETE or OPTIONS unframed, which is another request to the server.
  const framed = ['content-length', 'transfer-encoding'].some((name) => Object.hasOwn(headers, name));
  if (options.body !== undefined && options.body !== '' && !framed) {
    headers['content-length'] = String(Buffer.byteLength(options.body));
  }
  return new Promise((resolve, reject) => {
    const req = httpRequest(
      {
        hostname,
        port,
        path: options.target ?? pathname + search,
        method: options.method ?? 'POST',
        headers,
        agent: false,
      },
      (res) => {
        const chunks: Buffer[] = [];
        res.on('data', (chunk: Buffer) => chunks.push(chunk));
        res.on('error', reject);
        res.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          resolve({
            status: res.statusCode ?? 0,
            headers: res.headers,
            challenges: res.headersDistinct['www-authenticate'] ?? [],
            text,
            json: readJson(text, res.headers),
          });
        });
      },
    );
    req.on('error', reject);
    req.end(options.body);
  });
}

/** The headers and body of a 2026-07-28 request. */
export function modern(
  method: string,
  params: Record<string, unknown> = {},
  options: { id?: string | number; token?: string; headers?: Record<string, HeaderValue> } = {},
): Required<Pick<SendOptions, 'headers' | 'body'>> {
  const name = params['name'] ?? params['uri'] ?? params['taskId'];
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientCapabilities': {},
    'io.modelcontextprotocol/clientInfo': { name: 'e2e', version: '1' },
    ...(params['_meta'] as object | undefined),
  };
  return {
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': method,
      ...(typeof name === 'string' && { 'mcp-name': name }),
      ...(options.token !== undefined && { authorization: `Bearer ${options.token}` }),
      ...options.headers,
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: options.id ?? 1, method, params: { ...params, _meta } }),
  };
}

/** The headers and body of a 2025-11-25 request. */
export function legacy(
  method: string,
  params: Record<string, unknown> = {},
  options: { id?: string | number; token?: string; headers?: Record<string, HeaderValue> } = {},
): Required<Pick<SendOptions, 'headers' | 'body'>> {
  return {
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2025-11-25',
      ...(options.token !== undefined && { authorization: `Bearer ${options.token}` }),
      ...options.headers,
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: options.id ?? 1, method, params }),
  };
}

/** The JSON-RPC messages of an event stream. */
export function streamMessages(text: string): JsonRpcAnswer[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('data: ') && line.length > 6)
    .map((line) => JSON.parse(line.slice(6)) as JsonRpcAnswer);
}

function readJson(text: string, headers: IncomingHttpHeaders): JsonRpcAnswer | undefined {
  if (text === '' || !(headers['content-type'] ?? '').includes('json')) return undefined;
  return JSON.parse(text) as JsonRpcAnswer;
}
