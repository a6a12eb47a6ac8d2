import { logCall } from '../passage/log-call.ts';
import type { Passage } from '../passage/passage.ts';
import { mediaType, type AnswerHead } from './answer-head.ts';
import type { AnswerFilter } from './answer-filter.ts';
import { errorAnswer, type Answer } from './error-answer.ts';
import { outcomeOf } from './final-message.ts';
import { readAnswer } from './read-answer.ts';
import type { BodyDelivery, BodyParts } from './response-edge.ts';

/** Delivers an answer in one piece: filtered, its outcome durable, then sent. */
export function createBufferedBody(
  passage: Passage,
  head: AnswerHead,
  { raw, recorder, filter, bind }: BodyParts,
): BodyDelivery {
  const chunks: Uint8Array[] = [];

  /** The answer, or what stands in for it when its session can not be bound to the caller. */
  async function bound(answer: Answer): Promise<Answer> {
    try {
      await bind();
      return answer;
    } catch (error) {
      logCall(passage, 'sallyport.call.session_unbound', { error });
      return errorAnswer(passage, 'store_down');
    }
  }

  /** The answer, or what stands in for it when its outcome can not be made durable. */
  async function recorded(answer: Answer): Promise<Answer> {
    try {
      await recorder.record(answer.end, { httpStatus: answer.head.status, bytes: answer.body.length }, answer.message);
      return answer;
    } catch (error) {
      logCall(passage, 'sallyport.call.result_withheld', { error });
      return errorAnswer(passage, 'audit_unavailable');
    }
  }

  function made(make: () => Answer): Answer {
    try {
      return make();
    } catch (error) {
      logCall(passage, 'sallyport.call.answer_unreadable', { error });
      return errorAnswer(passage, 'internal_error');
    }
  }

  async function deliver(make: () => Answer): Promise<void> {
    const { head: sent, body } = await recorded(await bound(made(make)));
    if (raw.gone) return;
    if (sent.status !== 204 && sent.status !== 304) sent.headers.set('content-length', String(body.length));
    raw.head(sent.status, sent.headers);
    raw.end(body);
  }

  function start(make: () => Answer): void {
    deliver(make).catch((error: unknown) => {
      logCall(passage, 'sallyport.call.answer_unsent', { error });
      raw.cut();
    });
  }

  return {
    write(chunk) {
      chunks.push(chunk);
      return true;
    },
    end() {
      start(() => inspect(passage, head, filter, join(chunks)));
    },
    fail(reason = 'internal_error') {
      start(() => errorAnswer(passage, reason));
    },
  };
}

function inspect(passage: Passage, head: AnswerHead, filter: AnswerFilter, body: Uint8Array): Answer {
  if (body.length === 0) return { head, body, end: outcomeOf(undefined, head.status) };
  // Whatever reads as JSON is looked into, also under another media type or none: a reader need not care about it.
  const read = readAnswer(body);
  if (read === undefined) {
    // What is not JSON under a media type that does not claim it is no message: the transport knows two kinds of answers, JSON and an event
    // stream, and no client reads lists out of another. It passes as it is, such as the plain text of a 405 or a page of a proxy.
    if (!mediaType(head).includes('json')) return { head, body, end: outcomeOf(undefined, head.status) };
    logCall(passage, 'sallyport.call.answer_not_json');
    return errorAnswer(passage, 'internal_error');
  }
  const { message, exact } = read;
  const filtered = filter.pass(message);
  if (filtered === undefined) {
    logCall(passage, 'sallyport.call.answer_not_for_caller');
    return errorAnswer(passage, 'internal_error');
  }
  const end = outcomeOf(filtered, head.status);
  // Of a text that can be read in two ways only the one that was looked into is sent.
  const unchanged = exact && filtered === message;
  return { head, body: unchanged ? body : Buffer.from(JSON.stringify(filtered)), end, message: filtered };
}

function join(chunks: readonly Uint8Array[]): Uint8Array {
  const [only] = chunks;
  return chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks);
}
