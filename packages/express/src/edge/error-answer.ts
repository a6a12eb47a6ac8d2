import { errorPage, reasons, type JsonObject, type JsonValue } from '@sallyport/core';
import type { Passage } from '../passage/passage.ts';
import type { AnswerHead } from './answer-head.ts';
import type { MessageOutcome } from './final-message.ts';

/** Why the answer of a call that ran, or might have run, can not be delivered. */
export type Withheld = 'internal_error' | 'store_down' | 'audit_unavailable' | 'guard_missing';

/** An answer ready to be sent, and how the call ended. */
export interface Answer {
  readonly head: AnswerHead;
  readonly body: Uint8Array;
  readonly end: MessageOutcome;
  /** What the body says, where that comes from the server. */
  readonly message?: JsonValue;
}

/** The JSON-RPC error that stands in for a result that can not be delivered. Says nothing about the inside. */
export function serverError(passage: Passage, reason: Withheld): JsonObject {
  const { rpcCode, status, code } = reasons[reason];
  const { call } = passage;
  return {
    jsonrpc: '2.0',
    ...(call?.kind === 'request' && call.id !== undefined && { id: call.id }),
    error: { code: rpcCode ?? status, message: messageOf(reason), data: { code, doc: errorPage(code) } },
  };
}

/** The same as an answer of its own. Nothing invites to try again: the call may have run. */
export function errorAnswer(passage: Passage, reason: Withheld): Answer {
  const { status, rpcCode } = reasons[reason];
  const headers = new Map([
    ['content-type', 'application/json'],
    ['cache-control', 'no-store'],
  ]);
  const body = Buffer.from(JSON.stringify(serverError(passage, reason)));
  return { head: { status, headers }, body, end: { status: 'error', rpcErrorCode: rpcCode ?? status } };
}

function messageOf(reason: Withheld): string {
  // The message of the reason is for calls that did not run.
  if (reason !== 'audit_unavailable') return reasons[reason].message;
  return 'The call ran, but its result can not be recorded and is withheld. Check its effect before you repeat it.';
}
