import type { SendResult } from '../export-sink.ts';
import type { OtlpFormat } from './otlp-bytes.ts';
import type { PostAnswer } from './post.ts';
import { readJsonAnswer } from './read-json-answer.ts';
import { readProtobufAnswer, type OtlpAnswer } from './read-protobuf-answer.ts';
import { readRetryAfter } from './retry-after.ts';

export const contentTypes: Readonly<Record<OtlpFormat, string>> = {
  json: 'application/json',
  protobuf: 'application/x-protobuf',
};

const acknowledging: ReadonlySet<number> = new Set([200, 202, 204]);
/** Not now. (408 Request Timeout, 425 Too Early, 429 Too Many Requests) */
const passing: ReadonlySet<number> = new Set([408, 425, 429]);
/** Not this. (400 Bad Request, 413 Content Too Large, 422 Unprocessable Content) */
const aboutContent: ReadonlySet<number> = new Set([400, 413, 422]);

/**
 * What an answer to an OTLP/HTTP request means (OTLP specification 1.x, "OTLP/HTTP Response").
 *
 * An acknowledgement is 200, 202 or 204 with an empty body or an `ExportLogsServiceResponse` in the format of the request that rejects
 * nothing. Anything else with such a status was said by somebody who is no OTLP receiver, and counts as no answer. When
 * `partialSuccess` rejects records, it does not say which: the batch counts as refused, and is halved until they are found.
 */
export function judgeAnswer(answer: PostAnswer, format: OtlpFormat, nowMs: number): SendResult {
  const { status, headers } = answer;
  if (acknowledging.has(status)) return judgeSuccess(answer, format);
  const problem = `the receiver answered ${status}${excerpt(answer)}`;
  if (passing.has(status) || status >= 500) {
    const retryAfterMs = readRetryAfter(headers['retry-after'], nowMs);
    return { kind: 'retry', problem, ...(retryAfterMs !== undefined && { retryAfterMs }) };
  }
  if (aboutContent.has(status)) return { kind: 'refused', problem, ...(status === 413 && { tooLarge: true }) };
  if (status >= 300 && status < 400)
    return { kind: 'misconfigured', problem: `${problem}; redirects are not followed, set the final URL` };
  if (status >= 400) return { kind: 'misconfigured', problem };
  return { kind: 'retry', problem };
}

function judgeSuccess({ status, headers, body }: PostAnswer, format: OtlpFormat): SendResult {
  const answered = mediaType(headers['content-type']);
  const wanted = contentTypes[format];
  if (body === undefined)
    return { kind: 'retry', problem: `the receiver answered ${status} with a body of no OTLP receiver` };
  if (answered !== undefined && answered !== wanted)
    return {
      kind: 'retry',
      problem: `the receiver answered ${status} with ${answered}, not ${wanted}; is it an OTLP receiver?`,
    };
  const encoding = headers['content-encoding'] ?? 'identity';
  const read = encoding === 'identity' ? readAnswer(body, format, answered !== undefined) : undefined;
  if (read === undefined)
    return { kind: 'retry', problem: `the receiver answered ${status} with a body of no OTLP receiver` };
  const said = read.message === '' ? '' : `: ${printable(read.message)}`;
  if (read.rejected > 0n) return { kind: 'refused', problem: `the receiver rejected ${read.rejected} records${said}` };
  if (read.rejected < 0n) return { kind: 'retry', problem: `the receiver answered ${status} with a count below zero` };
  return { kind: 'accepted', ...(said !== '' && { warning: said.slice(2) }) };
}

/** An empty body is the protobuf of an empty answer, and what many receivers send for JSON too. A body must say what it is. */
function readAnswer(body: Buffer, format: OtlpFormat, typed: boolean): OtlpAnswer | undefined {
  if (body.length === 0) return { rejected: 0n, message: '' };
  if (!typed) return undefined;
  return format === 'json' ? readJsonAnswer(body) : readProtobufAnswer(body);
}

function mediaType(header: string | undefined): string | undefined {
  const type = header?.split(';', 1)[0]?.trim().toLowerCase();
  return type === '' ? undefined : type;
}

/** What the receiver says about it, when it is text. */
function excerpt({ headers, body }: PostAnswer): string {
  const type = mediaType(headers['content-type']) ?? '';
  const isText = type.startsWith('text/') || type === 'application/json';
  return body === undefined || body.length === 0 || !isText ? '' : `: ${printable(body.toString('utf8'))}`;
}

function printable(text: string): string {
  return text
    .slice(0, 200)
    .replaceAll(/[^\x20-\x7e]+/g, ' ')
    .trim();
}
