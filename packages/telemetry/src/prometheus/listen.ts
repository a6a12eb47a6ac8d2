import { createServer, type Server } from 'node:http';
import { isIPv4, type AddressInfo, type Socket } from 'node:net';
import { SetupError } from '@sallyport/core';
import { answer, type ScrapeHandler } from './scrape-handler.ts';

export interface ListenOptions {
  readonly host: string;
  readonly port: number;
  readonly path: string;
}

/** Scrapers are few. Beyond this the oldest connection gives way, so that silent ones keep nobody out. */
const maxConnections = 32;
/** Milliseconds for the request of a scraper to arrive. */
const requestTimeoutMs = 3_000;

/**
 * Opens the listener of the endpoint. It does not keep the process alive.
 *
 * @throws SetupError `ERR_TELEMETRY_PROMETHEUS` when the address can not be had, because the port is taken for example
 */
export async function listen({ host, port, path }: ListenOptions, scrape: ScrapeHandler): Promise<Server> {
  const timeouts = {
    requestTimeout: requestTimeoutMs,
    headersTimeout: requestTimeoutMs,
    connectionsCheckingInterval: 1_000,
  };
  const server = createServer(timeouts, (req, res) => {
    const [asked] = (req.url ?? '').split('?', 1);
    if (req.headers.origin !== undefined || !isExpectedHost(req.headers.host, host)) answer(res, 403, 'Forbidden.\n');
    else if (asked === path) scrape(req, res);
    else answer(res, 404, 'Not found.\n');
  });
  server.on('connection', limitTo(maxConnections));
  server.unref();
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(unavailable({ host, port, path }, cause)));
    server.listen(port, host, resolve);
  });
  return server;
}

function limitTo(max: number): (socket: Socket) => void {
  const open = new Set<Socket>();
  return (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    const [oldest] = open;
    if (open.size > max) oldest?.destroy();
  };
}

/** A page whose name was made to point to loopback (DNS rebinding) still sends its own name. */
function isExpectedHost(header: string | undefined, configured: string): boolean {
  if (!isLoopback(configured)) return true;
  const url = `http://${header ?? ''}`;
  if (header === undefined || !URL.canParse(url)) return false;
  return isLoopback(new URL(url).hostname);
}

function isLoopback(host: string): boolean {
  return /^(?:localhost|\[?::1\]?)$/i.test(host) || (isIPv4(host) && host.startsWith('127.'));
}

/** Where a listener is. */
export function urlOf(server: Server, path: string): string {
  const { address, family, port } = server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}${path}`;
}

function unavailable({ host, port }: ListenOptions, cause: NodeJS.ErrnoException): SetupError {
  const taken = cause.code === 'EADDRINUSE';
  return new SetupError({
    code: 'ERR_TELEMETRY_PROMETHEUS',
    field: `telemetry.prometheus.${cause.code === 'EADDRNOTAVAIL' || cause.code === 'ENOTFOUND' ? 'host' : 'port'}`,
    problem: taken
      ? `port ${port} of ${host} is taken`
      : `${host}, port ${port} can not be listened at (${cause.code ?? 'unknown'})`,
    remedy: taken
      ? 'choose another port, or stop what listens there'
      : 'choose an address of this host and a free port',
    cause,
  });
}
