import { errorPage, reasons, type JsonObject, type Reason } from '@sallyport/core';
import type { Passage } from '../passage/passage.ts';

/** The JSON-RPC error that stands in for a result that can not be delivered. Says nothing about the inside. */
export function serverError(passage: Passage, reason: Reason): JsonObject {
  const { message, rpcCode, status, code } = reasons[reason];
  const { call } = passage;
  return {
    jsonrpc: '2.0',
    ...(call?.kind === 'request' && call.id !== undefined && { id: call.id }),
    error: { code: rpcCode ?? status, message, data: { code, doc: errorPage(code) } },
  };
}
