import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** Answers one request; a test replaces it to misbehave. */
export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A real HTTP issuer on loopback: metadata, keys, and a list of what it was asked. */
export interface TestIssuer {
  readonly url: string;
  readonly jwksUri: string;
  /** Paths asked for, in order. */
  readonly requests: string[];
  /** Headers of the last request. */
  lastHeaders: IncomingMessage['headers'];
  /** Members of the JWK Set. */
  keys: unknown[];
  /** Replaces the answer at a path; the path `*` answers everything. */
  readonly answers: Map<string, Answer>;
  count(path: string): number;
  close(): Promise<void>;
}

export async function startTestIssuer(keys: unknown[] = [], path = ''): Promise<TestIssuer> {
  const sockets = new Set<Socket>();
  const requests: string[] = [];
  const answers = new Map<string, Answer>();
  const listener: RequestListener = (request, response) => {
    const target = request.url ?? '';
    requests.push(target);
    issuer.lastHeaders = request.headers;
    const answer = answers.get('*') ?? answers.get(target) ?? standardAnswer(target);
    answer(request, response);
  };
  const server: Server = createServer(listener);
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const issuer: TestIssuer = {
    url: `${origin}${path}`,
    jwksUri: `${origin}/jwks`,
    requests,
    lastHeaders: {},
    keys,
    answers,
    count: (wanted) => requests.filter((request) => request === wanted).length,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };

  function standardAnswer(target: string): Answer {
    if (target === '/jwks') return json(() => ({ keys: issuer.keys }));
    if (target === `/.well-known/oauth-authorization-server${path}`)
      return json(() => ({ issuer: issuer.url, jwks_uri: issuer.jwksUri }));
    return status(404);
  }
  return issuer;
}

export function json(body: () => unknown, headers: Record<string, string> = {}): Answer {
  return (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body()));
  };
}

export function status(code: number, headers: Record<string, string> = {}): Answer {
  return (_request, response) => {
    response.writeHead(code, headers).end();
  };
}
