import { reasons, type JsonValue, type Reason } from '@sallyport/core';
import type { Passage } from '../passage/passage.ts';
import { isEncoded, mediaType, type AnswerHead } from './answer-head.ts';
import { filterLists } from './filter-lists.ts';
import { outcomeOf, type MessageOutcome } from './final-message.ts';
import type { OutcomeRecorder } from './outcome-recorder.ts';
import type { BodyDelivery, RawResponse } from './response-edge.ts';
import { serverError } from './server-error.ts';

interface Answer {
  readonly head: AnswerHead;
  readonly body: Uint8Array;
  readonly end: MessageOutcome;
}

/** Delivers an answer in one piece: filtered, its outcome durable, then sent. */
export function createBufferedBody(
  passage: Passage,
  head: AnswerHead,
  raw: RawResponse,
  recorder: OutcomeRecorder,
  bind: () => Promise<void> | undefined,
): BodyDelivery {
  const chunks: Uint8Array[] = [];
  const { log } = passage.runtime;

  async function deliver(answer: Answer): Promise<void> {
    let sent = answer;
    try {
      await bind();
      await recorder.record(answer.end, { httpStatus: answer.head.status, bytes: answer.body.length });
    } catch (error) {
      log.error({ err: error, call: passage.id }, 'an outcome could not be recorded; the result is withheld');
      sent = errorAnswer(passage, 'audit_unavailable');
    }
    if (raw.gone) return;
    if (sent.head.status !== 204 && sent.head.status !== 304) sent.head.headers.set('content-length', String(sent.body.length));
    raw.head(sent.head.status, sent.head.headers);
    raw.end(sent.body);
  }

  return {
    write(chunk) {
      chunks.push(chunk);
      return true;
    },
    end() {
      void deliver(inspect(passage, head, join(chunks)));
    },
    fail() {
      void deliver(errorAnswer(passage, 'internal_error'));
    },
  };
}

function inspect(passage: Passage, head: AnswerHead, body: Uint8Array): Answer {
  if (body.length === 0) return { head, body, end: outcomeOf(undefined, head.status) };
  const { log, authorizer } = passage.runtime;
  if (isEncoded(head)) {
    log.error({ call: passage.id }, 'the handler encoded its answer; put compression in front of the guard, not behind it');
    return errorAnswer(passage, 'internal_error');
  }
  if (!mediaType(head).endsWith('json')) return { head, body, end: outcomeOf(undefined, head.status) };
  let message: JsonValue;
  try {
    message = JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.length).toString('utf8')) as JsonValue;
  } catch {
    log.error({ call: passage.id }, 'the handler answered with something that is not JSON');
    return errorAnswer(passage, 'internal_error');
  }
  const filtered = filterLists(message, authorizer, passage.principal ?? null);
  const end = outcomeOf(filtered, head.status);
  return { head, body: filtered === message ? body : Buffer.from(JSON.stringify(filtered)), end };
}

function errorAnswer(passage: Passage, reason: Reason): Answer {
  const { status, rpcCode } = reasons[reason];
  const headers = new Map([
    ['content-type', 'application/json'],
    ['cache-control', 'no-store'],
    ...(status === 503 ? [['retry-after', '1'] as const] : []),
  ]);
  const body = Buffer.from(JSON.stringify(serverError(passage, reason)));
  return { head: { status, headers }, body, end: { status: 'error', rpcErrorCode: rpcCode ?? status } };
}

function join(chunks: readonly Uint8Array[]): Uint8Array {
  const [only] = chunks;
  return chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks);
}
