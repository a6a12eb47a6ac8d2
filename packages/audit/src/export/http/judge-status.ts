import type { SendResult } from '../export-sink.ts';
import type { Scrub } from '../scrubber.ts';
import type { PostAnswer } from './post.ts';
import { readRetryAfter } from './retry-after.ts';

/** Not now. (408 Request Timeout, 425 Too Early, 429 Too Many Requests) */
const passing: ReadonlySet<number> = new Set([408, 425, 429]);
/** Not this. (400 Bad Request, 413 Content Too Large, 422 Unprocessable Content) */
const aboutContent: ReadonlySet<number> = new Set([400, 413, 422]);

/** What an answer means that is no acknowledgement, by its status. */
export function judgeFailure(answer: PostAnswer, scrub: Scrub, nowMs: number): SendResult {
  const { status, headers } = answer;
  const problem = `the receiver answered ${status}${excerpt(answer, scrub)}`;
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

/** The media type without its parameters. */
export function mediaType(header: string | undefined): string | undefined {
  const type = header?.split(';', 1)[0]?.trim().toLowerCase();
  return type === '' ? undefined : type;
}

/** What a receiver says, without credentials and short enough for a line of a log. */
export function printableText(text: string, scrub: Scrub): string {
  return scrub(text)
    .slice(0, 200)
    .replaceAll(/[^\x20-\x7e]+/g, ' ')
    .trim();
}

/** What the receiver says about it, when it is text. */
function excerpt({ headers, body }: PostAnswer, scrub: Scrub): string {
  const type = mediaType(headers['content-type']) ?? '';
  const isText = type.startsWith('text/') || type === 'application/json';
  return body === undefined || body.length === 0 || !isText ? '' : `: ${printableText(body.toString('utf8'), scrub)}`;
}
