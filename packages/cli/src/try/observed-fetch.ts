import { extractWWWAuthenticateParams } from '@modelcontextprotocol/client';
import { readBounded } from './read-bounded.ts';

/** An HTTP answer that is an error. */
export interface FailedAnswer {
  readonly status: number;
  /** The body, when it is JSON of reasonable size. */
  readonly body: unknown;
  /** Scopes of the challenge in `WWW-Authenticate`. */
  readonly scopes: readonly string[];
  readonly retryAfter: string | undefined;
}

/** What was seen on the wire while somebody else made the requests. */
export interface Observed {
  /** The last answer, when it was an error. */
  failedAnswer: FailedAnswer | undefined;
  /** Why the last request got no answer. */
  failure: unknown;
}

const maxErrorBytes = 64 * 1024;

/** A `fetch` that notes how its last request ended: the SDK's errors do not keep what a refusal says. */
export function createObservedFetch(fetchFn: typeof fetch): {
  readonly fetch: typeof fetch;
  readonly observed: Observed;
} {
  const observed: Observed = { failedAnswer: undefined, failure: undefined };
  return {
    observed,
    async fetch(input, init) {
      observed.failedAnswer = undefined;
      observed.failure = undefined;
      let response: Response;
      try {
        response = await fetchFn(input, init);
      } catch (error) {
        observed.failure = error;
        throw error;
      }
      if (response.ok) return response;
      const { status, statusText, headers } = response;
      const text = await readBounded(response, maxErrorBytes);
      observed.failedAnswer = {
        status,
        body: parse(text),
        scopes: (extractWWWAuthenticateParams(response).scope ?? '').split(' ').filter((scope) => scope !== ''),
        retryAfter: headers.get('retry-after') ?? undefined,
      };
      return new Response(hasBody(status) ? (text ?? '') : null, { status, statusText, headers });
    },
  };
}

function hasBody(status: number): boolean {
  return status !== 204 && status !== 205 && status !== 304;
}

function parse(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
