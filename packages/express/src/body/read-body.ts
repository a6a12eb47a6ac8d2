import type { IncomingMessage } from 'node:http';
import { Refusal } from '@sallyport/core';

/**
 * Reads a body of at most `maxBytes`. A larger one is refused as soon as that is known: by its declared length, or when
 * one byte too many arrived. Never inspects only the first part of a body.
 *
 * @param invite called once it is known that the body may come, before its first byte is read
 * @throws Refusal `too_large`, or `body_incomplete` when the client goes away
 */
export function readBody(req: IncomingMessage, maxBytes: number, invite?: () => void): Promise<Uint8Array> {
  if (Number(req.headers['content-length'] ?? 0) > maxBytes) return Promise.reject(new Refusal('too_large'));
  invite?.();
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const settle = (): void => {
      req.off('data', onData).off('end', onEnd).off('error', onGone).off('close', onGone);
    };
    const onData = (chunk: Buffer): void => {
      length += chunk.length;
      chunks.push(chunk);
      if (length <= maxBytes) return;
      settle();
      req.pause();
      reject(new Refusal('too_large'));
    };
    const onEnd = (): void => {
      settle();
      resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks, length));
    };
    const onGone = (): void => {
      settle();
      reject(new Refusal('body_incomplete'));
    };
    req.on('data', onData).on('end', onEnd).on('error', onGone).on('close', onGone);
  });
}
