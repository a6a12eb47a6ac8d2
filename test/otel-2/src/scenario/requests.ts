import { request, type ClientRequest } from 'node:http';

export interface Call {
  readonly id: number;
  readonly method: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly meta?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

const envelope = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
  'io.modelcontextprotocol/clientInfo': { name: 'scenario', version: '1' },
};

/** Posts a 2026-07-28 call and waits for its answer. */
export function post(url: string, token: string, call: Call): Promise<number> {
  return new Promise((resolve, reject) => {
    const req = open(url, token, call);
    req.on('error', reject);
    req.on('response', (res) => {
      res.resume();
      res.on('end', () => resolve(res.statusCode ?? 0));
      res.on('error', reject);
    });
  });
}

/** Posts a call and leaves as soon as the answer begins. */
export function leave(url: string, token: string, call: Call): Promise<number> {
  return new Promise((resolve, reject) => {
    const req = open(url, token, call);
    req.on('error', reject);
    req.on('response', (res) => {
      res.on('error', () => undefined);
      req.destroy();
      resolve(res.statusCode ?? 0);
    });
  });
}

function open(url: string, token: string, { id, method, params = {}, meta = {}, headers = {} }: Call): ClientRequest {
  const name = params['name'];
  const req = request(url, {
    method: 'POST',
    agent: false,
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...(token !== '' && { authorization: `Bearer ${token}` }),
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': method,
      ...(typeof name === 'string' && { 'mcp-name': name }),
      ...headers,
    },
  });
  req.end(JSON.stringify({ jsonrpc: '2.0', id, method, params: { ...params, _meta: { ...envelope, ...meta } } }));
  return req;
}
