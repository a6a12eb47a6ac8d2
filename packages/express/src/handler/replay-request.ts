import { IncomingMessage } from 'node:http';
import type { Passage } from '../passage/passage.ts';

/**
 * A request like the one that was read, with its original bytes to be read again. Handlers that read the stream and
 * handlers that take the parsed body are both served by it; neither finds a credential.
 */
export function replayRequest(req: IncomingMessage, passage: Passage): IncomingMessage {
  const replay = new IncomingMessage(req.socket);
  Object.setPrototypeOf(replay, Object.getPrototypeOf(req) as object);
  replay.httpVersion = req.httpVersion;
  replay.httpVersionMajor = req.httpVersionMajor;
  replay.httpVersionMinor = req.httpVersionMinor;
  replay.rawHeaders = req.rawHeaders;
  replay.headers = req.headers;
  if (req.method !== undefined) replay.method = req.method;
  if (req.url !== undefined) replay.url = req.url;
  for (const key of Object.keys(req)) {
    if (!key.startsWith('_') && !Object.hasOwn(replay, key)) Reflect.set(replay, key, Reflect.get(req, key));
  }
  const bytes = bytesOf(passage);
  if (bytes !== undefined) replay.push(bytes);
  replay.push(null);
  replay.complete = true;
  req.once('aborted', () => replay.emit('aborted'));
  return replay;
}

/** What a parser before the guard has read is gone; the parsed body, written again, says the same. */
function bytesOf({ body, bodyBytes }: Passage): Uint8Array | undefined {
  if (bodyBytes !== undefined || body === undefined) return bodyBytes;
  return Buffer.from(JSON.stringify(body));
}
