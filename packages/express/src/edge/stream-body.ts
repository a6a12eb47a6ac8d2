import type { JsonValue } from '@sallyport/core';
import { logCall } from '../passage/log-call.ts';
import type { Passage } from '../passage/passage.ts';
import type { AnswerHead } from './answer-head.ts';
import { errorAnswer, serverError } from './error-answer.ts';
import { answers, outcomeOf, type MessageOutcome } from './final-message.ts';
import { readAnswer, type ReadAnswer } from './read-answer.ts';
import type { BodyDelivery, BodyParts } from './response-edge.ts';
import { createSseSplitter, formatSseEvent, type SseEvent } from './sse-events.ts';

/** Longest server-sent event that is held to be inspected. */
const maxEventChars = 32 * 1024 * 1024;

/** Delivers an event stream event by event; the final message is held until its outcome is durable. */
export function createStreamBody(
  passage: Passage,
  head: AnswerHead,
  { raw, recorder, filter, bind }: BodyParts,
): BodyDelivery {
  const splitter = createSseSplitter(maxEventChars);
  let bytes = 0;
  let messages = 0;
  let failed = false;
  let unreadable = false;
  // Set while something asynchronous is under way; what comes later queues behind it, so that nothing overtakes.
  let tail: Promise<void> | undefined;

  function inOrder(step: () => void | Promise<void>): void {
    if (tail === undefined) {
      const running = step();
      if (running !== undefined) track(running);
      return;
    }
    track(tail.then(step));
  }

  function track(running: Promise<void>): void {
    const tracked = running
      .catch((error: unknown) => abandon(error))
      .finally(() => {
        if (tail === tracked) tail = undefined;
      });
    tail = tracked;
  }

  function abandon(error: unknown): void {
    if (failed) return;
    failed = true;
    logCall(passage, 'sallyport.call.stream_cut', { error });
    send(formatSseEvent({ lines: [], data: undefined }, JSON.stringify(serverError(passage, 'audit_unavailable'))));
    if (!raw.gone) raw.end();
  }

  function send(text: string): boolean {
    if (raw.gone) return true;
    bytes += Buffer.byteLength(text);
    return raw.write(text);
  }

  function deliver(event: SseEvent): boolean | Promise<void> {
    // Comments, and the events without data with which a server says where a stream can be taken up again.
    if (event.data === undefined || event.data.trim() === '') return send(formatSseEvent(event));
    const read = readEvent(event.data);
    if (read === undefined) return withholdUnreadable();
    const { message, exact } = read;
    const filtered = filter.pass(message);
    // With its id and name: that there was an event says something too.
    if (filtered === undefined) return true;
    // Of a text that can be read in two ways only the one that was looked into is sent.
    const text = formatSseEvent(event, exact && filtered === message ? undefined : JSON.stringify(filtered));
    if (!answers(filtered, passage.call?.id)) {
      messages += 1;
      return send(text);
    }
    return record(outcomeOf(filtered, head.status), Buffer.byteLength(text), filtered).then(() => {
      if (!failed) send(text);
    });
  }

  /** Nothing could be taken out of it, so nobody gets it. Logged once for a stream. */
  function withholdUnreadable(): boolean {
    if (!unreadable) logCall(passage, 'sallyport.call.event_withheld');
    unreadable = true;
    return true;
  }

  function record(end: MessageOutcome, pendingBytes: number, message?: JsonValue): Promise<void> {
    return recorder.record(end, { httpStatus: head.status, bytes: bytes + pendingBytes, messages }, message);
  }

  function open(): void {
    raw.head(head.status, head.headers);
    raw.flush();
  }

  async function refuseToOpen(error: unknown): Promise<void> {
    failed = true;
    logCall(passage, 'sallyport.call.session_unbound', { error });
    const { head: sent, body, end } = errorAnswer(passage, 'store_down');
    await recorder.record(end, { httpStatus: sent.status, bytes: body.length }).catch(() => undefined);
    if (raw.gone) return;
    raw.head(sent.status, sent.headers);
    raw.end(body);
  }

  inOrder(() => {
    const bound = bind();
    return bound === undefined ? open() : bound.then(open, refuseToOpen);
  });

  return {
    write(chunk) {
      let flowing = true;
      for (const event of splitter.push(chunk)) {
        inOrder(() => {
          if (failed) return undefined;
          const delivered = deliver(event);
          if (typeof delivered !== 'boolean') return delivered;
          flowing = delivered;
          return undefined;
        });
      }
      return flowing;
    },
    end() {
      inOrder(async () => {
        if (failed) return;
        const { call } = passage;
        const answered = call?.kind !== 'request' || call.method === 'subscriptions/listen';
        await record({ status: answered ? 'ok' : 'cancelled' }, 0);
        if (!raw.gone) raw.end();
      });
    },
    fail() {
      inOrder(async () => {
        if (failed) return;
        const text = formatSseEvent(
          { lines: [], data: undefined },
          JSON.stringify(serverError(passage, 'internal_error')),
        );
        await record({ status: 'error', rpcErrorCode: -32_603 }, Buffer.byteLength(text));
        send(text);
        if (!raw.gone) raw.end();
      });
    },
  };
}

/** Only an object or an array of them is a message. */
function readEvent(data: string): ReadAnswer | undefined {
  const read = readAnswer(Buffer.from(data));
  return typeof read?.message === 'object' && read.message !== null ? read : undefined;
}
