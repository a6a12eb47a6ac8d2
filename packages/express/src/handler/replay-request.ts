import { IncomingMessage, type ServerResponse } from 'node:http';
import { removeHeaders } from '../network/raw-headers.ts';
import type { Passage } from '../passage/passage.ts';

/**
 * A request like the one that was read, with its original bytes to be read again. Handlers that read the stream and
 * handlers that take the parsed body are both served by it; neither finds a credential. It emits `aborted` and `close`
 * when the client goes away before the answer is finished.
 */
export function replayRequest(req: IncomingMessage, res: ServerResponse, passage: Passage): IncomingMessage {
  const replay = new IncomingMessage(req.socket);
  Object.setPrototypeOf(replay, Object.getPrototypeOf(req) as object);
  replay.httpVersion = req.httpVersion;
  replay.httpVersionMajor = req.httpVersionMajor;
  replay.httpVersionMinor = req.httpVersionMinor;
  if (req.method !== undefined) replay.method = req.method;
  if (req.url !== undefined) replay.url = req.url;
  for (const key of Object.keys(req)) {
    if (!key.startsWith('_') && !Object.hasOwn(replay, key)) Reflect.set(replay, key, Reflect.get(req, key));
  }
  const bytes = bytesOf(passage);
  if (bytes !== undefined && bytes === passage.bodyBytes) keepHeaders(replay, req);
  else describeAnew(replay, req, bytes?.length);
  if (bytes !== undefined) replay.push(bytes);
  replay.push(null);
  replay.complete = true;
  res.once('close', () => close(replay, res));
  return replay;
}

/** What a parser before the guard has read is gone; the parsed body, written again, says the same. */
function bytesOf({ body, bodyBytes }: Passage): Uint8Array | undefined {
  if (bodyBytes !== undefined || body === undefined) return bodyBytes;
  return Buffer.from(JSON.stringify(body));
}

function keepHeaders(replay: IncomingMessage, req: IncomingMessage): void {
  replay.rawHeaders = req.rawHeaders;
  replay.headers = req.headers;
  replay.headersDistinct = req.headersDistinct;
}

const framing: ReadonlySet<string> = new Set(['content-length', 'transfer-encoding']);

/** Other bytes have another length. Says so on copies: the headers of the request itself stay as they came. */
function describeAnew(replay: IncomingMessage, req: IncomingMessage, length: number | undefined): void {
  replay.rawHeaders = [...req.rawHeaders];
  replay.headers = { ...req.headers };
  replay.headersDistinct = Object.assign(Object.create(null) as NodeJS.Dict<string[]>, req.headersDistinct);
  removeHeaders(replay, framing);
  if (length === undefined) return;
  replay.rawHeaders.push('Content-Length', String(length));
  replay.headers['content-length'] = String(length);
  replay.headersDistinct['content-length'] = [String(length)];
}

/** Tells a handler through its request that the exchange is over, as Node does as long as nobody has read the body. */
function close(replay: IncomingMessage, res: ServerResponse): void {
  if (res.writableFinished) {
    // Reads to its end what the handler left; the `close` of the request follows from it.
    replay.resume();
    return;
  }
  if (!replay.destroyed) {
    replay.destroy();
    return;
  }
  // Read to its end it was closed then already; a handler that waits for its client to leave would wait forever.
  replay.emit('aborted');
  replay.emit('close');
}
