import { createServer, type RequestListener } from 'node:http';

/** A server that listens. */
export interface OpenServer {
  readonly port: number;
  readonly issuer: string;
  /** Who answers the requests. Until then nobody does. */
  answer(listener: RequestListener): void;
  /** Stops listening and cuts every connection. May be called twice. */
  close(): Promise<void>;
}

/** Rejects with the system's error when it can not listen. */
export async function openServer(host: string, wanted: number): Promise<OpenServer> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(wanted, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : wanted;
  return {
    port,
    issuer: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    answer: (listener) => void server.on('request', listener),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
