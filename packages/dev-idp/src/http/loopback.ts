import type { IncomingMessage, ServerResponse } from 'node:http';

const loopbackHosts = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** True for an http or https origin, with any port, whose host is this machine. */
export function isLoopbackOrigin(origin: string): boolean {
  const url = parse(origin);
  return url !== undefined && url.origin === origin && isWeb(url) && loopbackHosts.has(url.hostname);
}

/** True for what a client that registered itself may use: loopback, or a private-use scheme (RFC 8252 §7.1 and §7.3). */
export function isLocalRedirectUri(uri: string): boolean {
  const url = parse(uri);
  if (url === undefined) return false;
  if (isWeb(url)) return loopbackHosts.has(url.hostname);
  return url.protocol.includes('.');
}

/**
 * Answers a request that must not get to the provider, and says so by returning true: one whose `Host` is not this machine
 * (a page that rebinds its name to loopback would otherwise sign in as anybody), and the preflight of a page from loopback.
 * Answers to such pages may be read by them; of other pages only the discovery documents may.
 */
export function answerAtTheDoor(request: IncomingMessage, response: ServerResponse): boolean {
  const host = parse(`http://${request.headers.host ?? ''}`);
  if (host === undefined || !loopbackHosts.has(host.hostname)) {
    response.writeHead(403, { 'content-type': 'text/plain' }).end('The dev IdP answers on loopback names only.\n');
    return true;
  }
  const { origin } = request.headers;
  if (origin === undefined || !isLoopbackOrigin(origin)) return false;
  response.setHeader('access-control-allow-origin', origin);
  response.setHeader('access-control-expose-headers', 'WWW-Authenticate');
  response.setHeader('vary', 'Origin');
  if (request.method !== 'OPTIONS' || request.headers['access-control-request-method'] === undefined) return false;
  response.writeHead(204, {
    'access-control-allow-methods': 'GET, POST, PUT, DELETE',
    'access-control-allow-headers': request.headers['access-control-request-headers'] ?? '*',
    'access-control-max-age': '3600',
  });
  response.end();
  return true;
}

function isWeb(url: URL): boolean {
  return url.protocol === 'http:' || url.protocol === 'https:';
}

function parse(value: string): URL | undefined {
  return URL.canParse(value) ? new URL(value) : undefined;
}
