import { Agent, request, type IncomingMessage, type ServerResponse } from 'node:http';

import { listen } from './listen.ts';

/** Headers that belong to one connection and are not passed on (RFC 9110 §7.6.1). */
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Adds a token to every request, for a client that can not send one. For the loopback interface only. */
export interface TokenProxy {
  /** Such as `http://127.0.0.1:40123`. */
  readonly origin: string;
  /** Where requests go from now on: an origin on the loopback interface. Before, they are answered with 502. */
  forwardTo(origin: string, token: string): void;
  close(): Promise<void>;
}

/**
 * Starts a proxy that changes nothing but the `Authorization` header. Names, order and number of the other headers stay
 * as they are, and bodies are passed on as they come, in both directions.
 */
export async function startTokenProxy(): Promise<TokenProxy> {
  const agent = new Agent({ keepAlive: true });
  let target: { readonly origin: URL; readonly token: string } | undefined;

  const listening = await listen((req, res) => {
    if (target === undefined) fail(res);
    else forward(req, res, agent, target.origin, target.token);
  });
  return {
    origin: listening.origin,
    forwardTo(origin, token) {
      const url = new URL(origin);
      if (url.hostname !== '127.0.0.1') throw new Error(`the token would leave this machine: ${origin}`);
      target = { origin: url, token };
    },
    async close() {
      agent.destroy();
      await listening.close();
    },
  };
}

function forward(req: IncomingMessage, res: ServerResponse, agent: Agent, origin: URL, token: string): void {
  const upstream = request({
    host: origin.hostname,
    port: origin.port,
    method: req.method,
    path: req.url,
    agent,
    headers: [...passedOn(req.rawHeaders, new Set(['authorization'])), 'Authorization', `Bearer ${token}`],
  });
  upstream.once('response', (answer) => {
    res.writeHead(answer.statusCode ?? 502, passedOn(answer.rawHeaders));
    // A stream may stay silent for long; its client must see at once that it is open.
    res.flushHeaders();
    answer.pipe(res);
    answer.once('error', () => res.destroy());
  });
  upstream.once('error', () => fail(res));
  res.once('close', () => upstream.destroy());
  req.pipe(upstream);
}

/** Raw headers without those of the connection and without `dropped`. */
function passedOn(rawHeaders: readonly string[], dropped: ReadonlySet<string> = new Set()): string[] {
  const kept: string[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    const key = name.toLowerCase();
    if (!hopByHop.has(key) && !dropped.has(key)) kept.push(name, rawHeaders[index + 1] ?? '');
  }
  return kept;
}

function fail(res: ServerResponse): void {
  if (res.headersSent) res.destroy();
  else res.writeHead(502, { 'content-type': 'text/plain' }).end('The server behind the token proxy did not answer.\n');
}
