import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SetupError } from '@sallyport/core';
import { answer, type ScrapeHandler } from './scrape-handler.ts';

export interface ListenOptions {
  readonly host: string;
  readonly port: number;
  readonly path: string;
}

/** Scrapers are few. */
const maxConnections = 32;
/** Milliseconds for the request of a scraper to arrive. */
const requestTimeoutMs = 10_000;

/**
 * Opens the listener of the endpoint. It does not keep the process alive.
 *
 * @throws SetupError `ERR_TELEMETRY_PROMETHEUS` when the address can not be had, because the port is taken for example
 */
export async function listen({ host, port, path }: ListenOptions, scrape: ScrapeHandler): Promise<Server> {
  const timeouts = { requestTimeout: requestTimeoutMs, headersTimeout: requestTimeoutMs };
  const server = createServer(timeouts, (req, res) => {
    const [asked] = (req.url ?? '').split('?', 1);
    if (asked === path) scrape(req, res);
    else answer(res, 404, 'Not found.\n');
  });
  server.maxConnections = maxConnections;
  server.unref();
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(unavailable({ host, port, path }, cause)));
    server.listen(port, host, resolve);
  });
  return server;
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
