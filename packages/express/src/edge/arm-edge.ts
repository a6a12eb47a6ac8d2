import type { ServerResponse } from 'node:http';
import { routeThroughEdge } from '../handler/patch-response.ts';
import { logCall } from '../passage/log-call.ts';
import type { Passage } from '../passage/passage.ts';
import { answerHead, isEncoded, mediaType } from './answer-head.ts';
import { createAnswerFilter } from './answer-filter.ts';
import { bindSession } from './bind-session.ts';
import { createBufferedBody } from './buffered-body.ts';
import { createOutcomeRecorder } from './outcome-recorder.ts';
import { isOpenEnded } from './open-ended.ts';
import type { BodyDelivery, RawResponse, ResponseEdge } from './response-edge.ts';
import { runAt } from './run-at.ts';
import { createStreamBody } from './stream-body.ts';

const edges = new WeakMap<Passage, ResponseEdge>();

/** The edge of a committed passage. */
export function edgeOf(passage: Passage): ResponseEdge | undefined {
  return edges.get(passage);
}

/**
 * Arms the outcome of a committed passage: from here on it ends in exactly one outcome, whatever happens.
 * Whatever is written to the response goes through the edge, also by those who do not know it.
 */
export function armEdge(passage: Passage, res: ServerResponse): void {
  const { runtime, principal } = passage;
  const method = res.req.method ?? '';
  const openEnded = isOpenEnded(passage, method);
  const filter = createAnswerFilter(passage);
  const recorder = createOutcomeRecorder(passage, filter);
  const raw = rawResponse(res);
  // A stream is no longer served than the token would be (MCP authorization: every request carries a valid token).
  const endsAtMs =
    openEnded && principal ? (principal.expiresAt + runtime.config.clockSkewSeconds) * 1_000 : Number.POSITIVE_INFINITY;
  let delivery: BodyDelivery | undefined;
  let streaming = false;
  let ended = false;
  let expired = false;

  const edge: ResponseEdge = {
    head(status, headers) {
      if (delivery !== undefined) return;
      if (passage.state === 'committed') {
        withholdUnwrapped();
        return;
      }
      const head = answerHead(passage, status, headers);
      if (isEncoded(head)) {
        edge.fail(new Error('it encoded its answer; put compression in front of the guard, not behind it'));
        return;
      }
      const bind = (): Promise<void> | undefined => bindSession(passage, head, method);
      streaming = mediaType(head) === 'text/event-stream';
      if (streaming && openEnded) runtime.record({ type: 'stream.opened', call: passage.id, ...actor(passage) });
      delivery = (streaming ? createStreamBody : createBufferedBody)(passage, head, { raw, recorder, filter, bind });
      if (streaming && expired) edge.end();
    },
    write(chunk) {
      // The timer may be late, on a machine that slept: nothing is sent after the end of the token.
      if (!ended && streaming && runtime.clock.now() >= endsAtMs) expire();
      return ended ? true : (delivery?.write(chunk) ?? true);
    },
    end() {
      if (ended) return;
      ended = true;
      passage.observation?.handled?.(false);
      delivery?.end();
    },
    fail(error) {
      logCall(passage, 'sallyport.call.handler_failed', { error });
      if (ended) return;
      passage.observation?.handled?.(true);
      if (delivery === undefined) edge.head(500, []);
      ended = true;
      delivery?.fail();
    },
  };
  edges.set(passage, edge);
  routeThroughEdge(res, edge);

  /** Somebody answers who has not taken the passage: nothing was checked that the guard's handlers check. */
  function withholdUnwrapped(): void {
    logCall(passage, 'sallyport.call.answer_unwrapped', { missing: 'mount' });
    passage.state = 'handled';
    ended = true;
    const parts = { raw, recorder, filter, bind: () => undefined };
    delivery = createBufferedBody(passage, { status: 500, headers: new Map() }, parts);
    delivery.fail('guard_missing');
  }

  const gone = (): void => {
    if (!recorder.recorded) {
      recorder.record({ status: 'disconnected' }, { bytes: raw.bytesSent() }).catch((error: unknown) => {
        logCall(passage, 'sallyport.call.outcome_lost', { error });
      });
    }
    if (streaming && openEnded) {
      const reason = passage.closedFor ?? (expired ? 'expired' : res.writableFinished ? 'ended' : 'disconnected');
      runtime.record({ type: 'stream.closed', call: passage.id, ...actor(passage), detail: { reason } });
    }
  };
  if (res.destroyed) {
    passage.state = 'handled';
    gone();
    return;
  }
  runtime.inFlight.add(passage, (now) => (streaming && !now ? edge.end() : res.destroy()), openEnded);
  res.once('close', gone);
  if (endsAtMs === Number.POSITIVE_INFINITY) return;
  res.once('close', runAt(runtime.clock, endsAtMs, expire));

  function expire(): void {
    if (ended) return;
    expired = true;
    if (streaming) edge.end();
  }
}

function actor(passage: Passage): { principal?: NonNullable<Passage['principal']> } {
  return passage.principal ? { principal: passage.principal } : {};
}

function rawResponse(res: ServerResponse): RawResponse & { bytesSent(): number } {
  // Bound before a mounted handler's calls are rerouted. The headers known now are ours; a handler can not change them.
  const writeHead = res.writeHead.bind(res);
  const write = res.write.bind(res);
  const end = res.end.bind(res);
  const flush = res.flushHeaders.bind(res);
  const ours = Object.entries(res.getHeaders());
  let bytes = 0;
  return {
    head(status, headers) {
      for (const name of res.getHeaderNames()) res.removeHeader(name);
      for (const [name, value] of headers) res.setHeader(name, value);
      for (const [name, value] of ours) if (value !== undefined) res.setHeader(name, value);
      writeHead(status);
    },
    flush,
    write(chunk) {
      bytes += Buffer.byteLength(chunk);
      return write(chunk);
    },
    end(chunk) {
      if (chunk !== undefined) bytes += Buffer.byteLength(chunk);
      end(chunk);
    },
    cut: () => void res.destroy(),
    get gone() {
      return res.destroyed;
    },
    bytesSent: () => bytes,
  };
}
