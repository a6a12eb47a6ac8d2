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

  function end(chunk?: Chunk | Callback | null, encoding?: BufferEncoding | Callback, callback?: Callback): ServerResponse {
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

function currentHeaders(res: ServerResponse): [string, string | readonly string[]][] {
  return Object.entries(res.getHeaders()).map(([name, value]) => [name, Array.isArray(value) ? value : String(value)]);
}

function headerPairs(headers: OutgoingHttpHeaders | OutgoingHttpHeader[] | undefined): [string, string | readonly string[]][] {
  if (headers === undefined) return [];
  if (!Array.isArray(headers)) {
    return Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value : String(value)]],
    );
  }
  const flat = headers.flat();
  return Array.from({ length: flat.length >> 1 }, (_unused, i) => [String(flat[2 * i]), String(flat[2 * i + 1])]);
}

function toBytes(chunk: Chunk, encoding: BufferEncoding | Callback | undefined): Uint8Array {
  if (typeof chunk !== 'string') return chunk;
  return Buffer.from(chunk, typeof encoding === 'string' ? encoding : 'utf8');
}
