import { FetchProblem, type DocumentFetcher, type FetchedDocument } from '@sallyport/core';

export interface GuardedFetchOptions {
  /** Milliseconds until an answer must be complete. */
  readonly timeoutMs: number;
  readonly connectTimeoutMs: number;
}

/** Answers of a server may be lists of many tools. */
const maxBytes = 4 * 1024 * 1024;

/** What says how the bytes came, which is over when they are here. */
const hopFields: ReadonlySet<string> = new Set([
  'content-length',
  'content-encoding',
  'transfer-encoding',
  'connection',
]);

/**
 * `fetch` for the MCP SDK's client that connects only where a `DocumentFetcher` does. It sends POST and waits for the whole answer; to
 * everything else it answers 405 itself, which the client takes as "no stream here".
 */
export function createGuardedFetch(fetchDocument: DocumentFetcher, options: GuardedFetchOptions): typeof fetch {
  const { timeoutMs, connectTimeoutMs } = options;
  return async (input, init) => {
    if (init?.method !== 'POST' || typeof init.body !== 'string') return new Response(null, { status: 405 });
    const headers = new Headers(init.headers);
    const limits = [init.signal, AbortSignal.timeout(timeoutMs)].filter((signal) => signal instanceof AbortSignal);
    const answer = await fetchDocument(new URL(input instanceof Request ? input.url : input), {
      accept: headers.get('accept') ?? '*/*',
      signal: AbortSignal.any(limits),
      connectTimeoutMs,
      maxBytes,
      readErrors: true,
      post: { body: init.body, headers: Object.fromEntries(headers) },
    });
    return toResponse(answer);
  };
}

function toResponse({ status, body, headers = new Map() }: FetchedDocument): Response {
  if (status < 200 || status > 599) throw new FetchProblem(`answered ${status}`, { answered: true });
  const fields = [...headers].filter(([name]) => !hopFields.has(name));
  const isEmpty = body.length === 0 || status === 204 || status === 205 || status === 304;
  return new Response(isEmpty ? null : Buffer.from(body), { status, headers: fields });
}
