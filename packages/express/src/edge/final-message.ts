import { isJsonObject, member, type JsonValue, type OutcomeStatus } from '@sallyport/core';

/** How a call ended, as its final message says. */
export interface MessageOutcome {
  readonly status: OutcomeStatus;
  readonly rpcErrorCode?: number;
}

/** True when the message answers the request with this id. */
export function answers(message: JsonValue, id: string | number | undefined): boolean {
  if (id === undefined || !isJsonObject(message) || member(message, 'method') !== undefined) return false;
  return member(message, 'id') === id && (Object.hasOwn(message, 'result') || Object.hasOwn(message, 'error'));
}

/** Reads an answer: `rejected` when the server refused the call with an HTTP error, `tool_error` for `isError`. */
export function outcomeOf(message: JsonValue | undefined, httpStatus: number): MessageOutcome {
  const code = member(member(message, 'error'), 'code');
  const rpcErrorCode = typeof code === 'number' ? code : undefined;
  const withCode = rpcErrorCode === undefined ? {} : { rpcErrorCode };
  if (httpStatus >= 500) return { status: 'error', ...withCode };
  if (httpStatus >= 400) return { status: 'rejected', ...withCode };
  if (member(message, 'error') !== undefined) return { status: 'error', ...withCode };
  return { status: member(member(message, 'result'), 'isError') === true ? 'tool_error' : 'ok' };
}
