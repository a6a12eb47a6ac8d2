import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';

export interface FakeRequestOptions {
  readonly method?: string;
  readonly url?: string;
  readonly remoteAddress?: string;
}

/** A request that nobody sent, with header lines as they would stand on the wire. */
export function fakeRequest(
  lines: readonly (readonly [string, string])[] = [],
  options: FakeRequestOptions = {},
): IncomingMessage {
  const socket = new Socket();
  Object.defineProperty(socket, 'remoteAddress', { value: options.remoteAddress ?? '127.0.0.1' });
  const req = new IncomingMessage(socket);
  req.method = options.method ?? 'POST';
  req.url = options.url ?? '/mcp';
  req.rawHeaders = lines.flat();
  // Like Node: the first of several lines counts here.
  req.headers = Object.fromEntries(lines.toReversed().map(([name, value]) => [name.toLowerCase(), value]));
  return req;
}
