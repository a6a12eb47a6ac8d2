import type { IncomingMessage } from 'node:http';
import { Refusal } from '@sallyport/core';
import { fieldLines } from '../network/raw-headers.ts';

/**
 * Requires a transfer coding that Node has taken off: none, or `chunked` and nothing else (RFC 9112 §6.1), and one `Content-Type: application/json`, with `charset=utf-8` or none, and no content coding
 * (RFC 9110 §8.3, §8.4). Anything a browser may send without a preflight is refused here.
 */
export function requireJsonContent(req: IncomingMessage): void {
  const types = fieldLines(req, 'content-type');
  const type = types[0];
  if (types.length !== 1 || type === undefined || !isJson(type)) throw new Refusal('bad_content_type');
  const transfers = fieldLines(req, 'transfer-encoding');
  if (transfers.length > 1 || transfers.some((coding) => coding.trim().toLowerCase() !== 'chunked')) {
    throw new Refusal('bad_encoding', { status: 400 });
  }
  const codings = fieldLines(req, 'content-encoding');
  if (codings.some((coding) => coding.trim().toLowerCase() !== 'identity')) throw new Refusal('bad_encoding');
}

function isJson(type: string): boolean {
  const [essence = '', ...parameters] = type.split(';');
  if (essence.trim().toLowerCase() !== 'application/json') return false;
  return parameters.every((parameter) => {
    const text = parameter.trim().toLowerCase();
    if (!text.startsWith('charset')) return true;
    return text === 'charset=utf-8' || text === 'charset="utf-8"';
  });
}
