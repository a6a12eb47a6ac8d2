import type { SendResult } from '../export-sink.ts';
import { judgeFailure, mediaType, printableText } from '../http/judge-status.ts';
import type { PostAnswer } from '../http/post.ts';
import type { Scrub } from '../scrubber.ts';
import type { OtlpFormat } from './otlp-bytes.ts';
import { readJsonAnswer } from './read-json-answer.ts';
import { readProtobufAnswer, type OtlpAnswer } from './read-protobuf-answer.ts';

export const contentTypes: Readonly<Record<OtlpFormat, string>> = {
  json: 'application/json',
  protobuf: 'application/x-protobuf',
};

const acknowledging: ReadonlySet<number> = new Set([200, 202, 204]);

/**
 * What an answer to an OTLP/HTTP request means (OTLP specification 1.x, "OTLP/HTTP Response").
 *
 * An acknowledgement is 200, 202 or 204 with an empty body or an `ExportLogsServiceResponse` in the format of the request that rejects
 * nothing. Anything else with such a status was said by somebody who is no OTLP receiver, and counts as no answer. When
 * `partialSuccess` rejects records, it does not say which: the batch counts as refused, and is halved until they are found.
 */
export function judgeAnswer(answer: PostAnswer, format: OtlpFormat, scrub: Scrub, nowMs: number): SendResult {
  return acknowledging.has(answer.status) ? judgeSuccess(answer, format, scrub) : judgeFailure(answer, scrub, nowMs);
}

function judgeSuccess({ status, headers, body }: PostAnswer, format: OtlpFormat, scrub: Scrub): SendResult {
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
  const said = read.message === '' ? '' : `: ${printableText(read.message, scrub)}`;
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
