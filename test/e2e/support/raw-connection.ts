import { connect, type Socket } from 'node:net';
import type { Answer, SendOptions } from './mcp-request.ts';

/** A TCP connection on which a test writes what no HTTP client would. */
export interface RawConnection {
  readonly socket: Socket;
  /** Writes text or bytes as they are; text as Latin-1, so that every byte can be written. */
  write(part: string | Uint8Array): void;
  /** The next answer, an interim one included. Rejects when the server closes the connection before it is complete. */
  answer(): Promise<Answer>;
  /** Resolves when the server has closed its side. */
  closed(): Promise<void>;
  destroy(): void;
}

interface Head {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly length: number;
}

/** Opens a connection to the target. */
export function openRaw(port: number): RawConnection {
  const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true });
  let received = Buffer.alloc(0);
  let ended = false;
  let wake: (() => void) | undefined;
  const notice = (): void => wake?.();
  socket.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    notice();
  });
  const end = (): void => {
    ended = true;
    notice();
  };
  // A reset after the answer is one way in which a server closes a connection it does not want to read.
  socket.on('end', end).on('close', end).on('error', end);

  async function until<T>(find: () => T | undefined, what: string): Promise<T> {
    for (;;) {
      const found = find();
      if (found !== undefined) return found;
      if (ended) throw new Error(`the connection ended before ${what}; it held: ${received.toString('latin1')}`);
      await new Promise<void>((resolve) => (wake = resolve));
    }
  }

  return {
    socket,
    write: (part) => void socket.write(typeof part === 'string' ? Buffer.from(part, 'latin1') : part),
    async answer() {
      const head = await until(() => readHead(received), 'the head of an answer');
      const body = await until(() => readBody(received, head, ended), 'the body of an answer');
      received = received.subarray(body.end);
      const json = head.headers['content-type']?.includes('json') === true && body.text !== '';
      return {
        status: head.status,
        headers: head.headers,
        challenges: [head.headers['www-authenticate'] ?? []].flat(),
        text: body.text,
        json: json ? (JSON.parse(body.text) as Answer['json']) : undefined,
      };
    },
    closed: () => until(() => (ended ? true : undefined), 'its end').then(() => undefined),
    destroy: () => void socket.destroy(),
  };
}

/** One exchange on a connection of its own: everything is written at once, the first answer is read. */
export async function exchange(port: number, part: string | Uint8Array): Promise<Answer> {
  const raw = openRaw(port);
  try {
    raw.write(part);
    return await raw.answer();
  } finally {
    raw.destroy();
  }
}

/** The text of a request with these header lines; `Content-Length` is added for a body. */
export function rawRequest(requestLine: string, lines: readonly string[], body = ''): string {
  const length = body === '' ? [] : [`Content-Length: ${Buffer.byteLength(body, 'latin1')}`];
  return [requestLine, ...lines, ...length, '', body].join('\r\n');
}

const host = ['Host: localhost'];

/** The text of a request with the headers and body of a message, after other header lines. */
export function rawMessage(
  message: SendOptions,
  lines: readonly string[] = host,
  requestLine = 'POST /mcp HTTP/1.1',
): string {
  const fields = Object.entries(message.headers ?? {}).map(([name, value]) => `${name}: ${String(value)}`);
  return rawRequest(requestLine, [...lines, ...fields], String(message.body ?? ''));
}

function readHead(bytes: Buffer): Head | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [statusLine = '', ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    if (Object.hasOwn(headers, name)) throw new Error(`${name} was answered twice`);
    headers[name] = line.slice(colon + 1).trim();
  }
  return { status: Number(statusLine.split(' ')[1]), headers, length: end + 4 };
}

function readBody(bytes: Buffer, head: Head, ended: boolean): { text: string; end: number } | undefined {
  const { status, headers, length: start } = head;
  if (status < 200 || status === 204 || status === 304) return { text: '', end: start };
  if (headers['transfer-encoding'] === 'chunked') return readChunks(bytes, start);
  const size = headers['content-length'];
  if (size === undefined && !ended) return undefined;
  const end = size === undefined ? bytes.length : start + Number(size);
  return bytes.length < end ? undefined : { text: bytes.toString('utf8', start, end), end };
}

function readChunks(bytes: Buffer, start: number): { text: string; end: number } | undefined {
  const chunks: Buffer[] = [];
  for (let at = start; ;) {
    const line = bytes.indexOf('\r\n', at);
    if (line < 0) return undefined;
    const size = Number.parseInt(bytes.toString('latin1', at, line), 16);
    const next = line + 2 + size + 2;
    if (bytes.length < next) return undefined;
    if (size === 0) return { text: Buffer.concat(chunks).toString('utf8'), end: next };
    chunks.push(bytes.subarray(line + 2, line + 2 + size));
    at = next;
  }
}
