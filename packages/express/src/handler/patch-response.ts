import type { OutgoingHttpHeader, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { ResponseEdge } from '../edge/response-edge.ts';

type Chunk = string | Uint8Array;
type Callback = (error?: Error | null) => void;

/** Sends whatever a handler writes to a Node response through the edge instead. */
export function routeThroughEdge(res: ServerResponse, edge: ResponseEdge): void {
  let headed = false;
  let ended = false;

  function head(): void {
    if (headed) return;
    headed = true;
    edge.head(res.statusCode, currentHeaders(res));
  }

  function writeHead(status: number, ...rest: unknown[]): ServerResponse {
    res.statusCode = status;
    const headers = rest.find((part) => typeof part === 'object' && part !== null);
    for (const [name, value] of headerPairs(headers as OutgoingHttpHeaders | OutgoingHttpHeader[] | undefined)) {
      res.setHeader(name, value);
    }
    head();
    return res;
  }

  function write(chunk: Chunk, encoding?: BufferEncoding | Callback, callback?: Callback): boolean {
    const done = typeof encoding === 'function' ? encoding : callback;
    if (ended) {
      if (done !== undefined) process.nextTick(done, new Error('write after end'));
      return false;
    }
    head();
    const flowing = edge.write(toBytes(chunk, encoding));
    if (done !== undefined) process.nextTick(done);
    return flowing;
  }

  function end(
    chunk?: Chunk | Callback | null,
    encoding?: BufferEncoding | Callback,
    callback?: Callback,
  ): ServerResponse {
    if (ended) return res;
    ended = true;
    head();
    if (chunk !== undefined && chunk !== null && typeof chunk !== 'function') edge.write(toBytes(chunk, encoding));
    const done = [chunk, encoding, callback].find((part) => typeof part === 'function');
    if (done !== undefined) res.once('finish', done);
    edge.end();
    return res;
  }

  Object.assign(res, { writeHead, write, end, flushHeaders: head });
}

function currentHeaders(res: ServerResponse): HeaderPair[] {
  return headerPairs(res.getHeaders());
}

type HeaderPair = [name: string, value: string | readonly string[]];

/** The headers of `writeHead`: an object, or a list in which a name may occur several times. */
function headerPairs(headers: OutgoingHttpHeaders | OutgoingHttpHeader[] | undefined): HeaderPair[] {
  if (headers === undefined) return [];
  if (Array.isArray(headers)) return listedPairs(headers);
  return Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, linesOf(value)]]));
}

function listedPairs(list: OutgoingHttpHeader[]): HeaderPair[] {
  const flat: readonly OutgoingHttpHeader[] = list.every(Array.isArray) ? (list as string[][]).flat() : list;
  const lines = new Map<string, [name: string, values: string[]]>();
  for (let i = 0; i + 1 < flat.length; i += 2) {
    const name = String(flat[i]);
    const values = [linesOf(flat[i + 1] ?? '')].flat();
    const known = lines.get(name.toLowerCase());
    if (known === undefined) lines.set(name.toLowerCase(), [name, values]);
    else known[1].push(...values);
  }
  return [...lines.values()].map(([name, values]) => [name, values.length === 1 ? (values[0] ?? '') : values]);
}

function linesOf(value: OutgoingHttpHeader): string | string[] {
  return Array.isArray(value) ? value : String(value);
}

function toBytes(chunk: Chunk, encoding: BufferEncoding | Callback | undefined): Uint8Array {
  if (typeof chunk !== 'string') return chunk;
  return Buffer.from(chunk, typeof encoding === 'string' ? encoding : 'utf8');
}
