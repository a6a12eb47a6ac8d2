import type { AnswerFilter } from './answer-filter.ts';
import type { Withheld } from './error-answer.ts';
import type { OutcomeRecorder } from './outcome-recorder.ts';

/** The last thing every answer of a handler passes: lists are filtered, the outcome is recorded, then it is sent. */
export interface ResponseEdge {
  /**
   * Status and headers; they are sent with the body, or at once for an event stream. Only the first call counts.
   * Before a handler has taken the passage it answers 500 `guard_missing` instead, whatever comes.
   *
   * @throws RangeError or TypeError for a status or a header that can not be sent
   */
  head(status: number, headers: Iterable<readonly [string, string | readonly string[]]>): void;
  /** False when the connection asks to wait for `drain`. */
  write(chunk: Uint8Array): boolean;
  /** Only the first end counts, and nothing that comes after it. */
  end(): void;
  /** The handler threw: answers 500, or ends an open stream with an error. After the end it is only logged. */
  fail(error: unknown): void;
}

/** The untouched methods of a response, for what passed the edge. */
export interface RawResponse {
  /** The status line and headers; nothing is sent before. */
  head(status: number, headers: ReadonlyMap<string, string | readonly string[]>): void;
  /** Sends the head without waiting for a body. */
  flush(): void;
  write(chunk: string | Uint8Array): boolean;
  end(chunk?: string | Uint8Array): void;
  /** Ends the connection without an answer. */
  cut(): void;
  readonly gone: boolean;
}

/** What both ways of delivering a body work with. */
export interface BodyParts {
  readonly raw: RawResponse;
  readonly recorder: OutcomeRecorder;
  readonly filter: AnswerFilter;
  /** Binds a session that the answer opens, before anything of it is sent. */
  readonly bind: () => Promise<void> | undefined;
}

/** One way of delivering a body. */
export interface BodyDelivery {
  write(chunk: Uint8Array): boolean;
  end(): void;
  /** @param reason what is answered when nothing was sent yet. Default `internal_error` */
  fail(reason?: Withheld): void;
}
