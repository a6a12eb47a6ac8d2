import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A receiver of records. */
export interface SinkReceiver {
  readonly port: number;
  /** The records that arrived, as texts, in order; one that came twice is here twice. */
  lines(): string[];
  /** Everything that came over the wire. */
  heard(): string;
  /** Nobody listens any more. */
  stop(): Promise<void>;
  /** Listens, again at the same port. */
  listen(): Promise<void>;
}

/** A syslog receiver over TCP with octet counting (RFC 6587 §3.4.1). It listens once `listen` is called. */
export function syslogReceiver(): Promise<SinkReceiver> {
  const heard: Buffer[] = [];
  const server = createTcpServer((socket) => {
    const index = heard.push(Buffer.alloc(0)) - 1;
    socket.on('data', (chunk: Buffer) => (heard[index] = Buffer.concat([heard[index] ?? chunk, chunk])));
    socket.on('error', () => undefined);
  });
  const messages = (): string[] => heard.flatMap(framesOf).map((frame) => frame.slice(frame.indexOf('] ') + 2));
  return receiver(server, { lines: messages, heard: () => Buffer.concat(heard).toString('utf8') });
}

/** An endpoint that takes lists signed by Standard Webhooks and answers 401 to every other request. */
export function webhookReceiver(secret: string): Promise<SinkReceiver & { ids(): string[] }> {
  const heard: string[] = [];
  const taken: string[] = [];
  const ids: string[] = [];
  const server = createHttpServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      const header = (name: string): string => String(req.headers[name]);
      heard.push(JSON.stringify(req.headersDistinct), body);
      const signed = `${header('webhook-id')}.${header('webhook-timestamp')}.${body}`;
      const wanted = `v1,${createHmac('sha256', Buffer.from(secret.slice(6), 'base64'))
        .update(signed)
        .digest('base64')}`;
      const [given, expected] = [Buffer.from(header('webhook-signature')), Buffer.from(wanted)];
      const good = given.length === expected.length && timingSafeEqual(given, expected);
      if (good) taken.push(...(JSON.parse(body) as object[]).map((record) => JSON.stringify(record)));
      if (good) ids.push(header('webhook-id'));
      res.writeHead(good ? 204 : 401).end();
    });
  });
  return receiver(server, { lines: () => taken, heard: () => heard.join('\n'), ids: () => ids });
}

async function receiver<T>(server: Server, rest: T): Promise<T & Pick<SinkReceiver, 'port' | 'stop' | 'listen'>> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  let port = 0;
  const listen = async (): Promise<void> => {
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
  };
  const stop = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  await listen();
  return { ...rest, port, stop, listen };
}

/** Whole frames of a connection; what a cut left is not there. */
function framesOf(bytes: Buffer): string[] {
  const frames: string[] = [];
  let at = 0;
  for (;;) {
    const space = bytes.indexOf(0x20, at);
    const end = space + 1 + Number(bytes.subarray(at, space).toString('ascii'));
    if (space === -1 || end > bytes.length) return frames;
    frames.push(bytes.subarray(space + 1, end).toString('utf8'));
    at = end;
  }
}
