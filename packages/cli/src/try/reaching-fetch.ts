import { SetupError } from '@sallyport/core';

export interface ReachingFetchOptions {
  /** Milliseconds until an answer must be complete. Absent: the caller limits it. */
  readonly timeoutMs?: number;
}

/** `fetch` that says of a connection that failed which address could not be reached, and why: `SetupError` `ERR_CLI_UNREACHABLE`. */
export function createReachingFetch(options: ReachingFetchOptions = {}): typeof fetch {
  const { timeoutMs } = options;
  return async (input, init) => {
    const limits = [init?.signal, timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs)];
    const signals = limits.filter((signal): signal is AbortSignal => signal instanceof AbortSignal);
    try {
      return await fetch(input, { ...init, signal: signals.length === 0 ? null : AbortSignal.any(signals) });
    } catch (cause) {
      // Somebody gave up waiting on purpose; that is theirs to tell.
      if (init?.signal?.aborted === true) throw cause;
      const { origin } = new URL(input instanceof Request ? input.url : input);
      throw unreachable(origin, reasonOf(cause), cause);
    }
  };
}

export function unreachable(address: string, reason: string, cause?: unknown): SetupError {
  return new SetupError({
    code: 'ERR_CLI_UNREACHABLE',
    problem: `${address} can not be reached: ${reason}`,
    remedy: 'check that the server is running and that the URL is right (--url, SALLYPORT_URL)',
    cause,
  });
}

const reasons: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'nothing listens there'],
  ['ENOTFOUND', 'there is no such host'],
  ['EAI_AGAIN', 'the name can not be looked up right now'],
  ['ECONNRESET', 'the connection was cut'],
  ['UND_ERR_SOCKET', 'the connection was cut'],
  ['ETIMEDOUT', 'no answer'],
]);

function reasonOf(error: unknown): string {
  if (error instanceof Error && error.name === 'TimeoutError') return 'no answer in time';
  let deepest = error;
  for (let at = error; at instanceof Error; at = at.cause) {
    deepest = at;
    const code = 'code' in at && typeof at.code === 'string' ? at.code : undefined;
    if (code !== undefined) return reasons.get(code) ?? code;
  }
  return deepest instanceof Error ? deepest.message : String(deepest);
}
