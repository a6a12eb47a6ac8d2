import { SetupError } from '@sallyport/core';
import { readBounded } from './read-bounded.ts';
import { createReachingFetch } from './reaching-fetch.ts';

const timeoutMs = 10_000;
const maxBytes = 1024 * 1024;

/**
 * `fetch` for documents of servers nobody vouches for: no redirects unless they are asked for, at most 1 MiB, at most 10 seconds.
 * Throws `SetupError`: `ERR_CLI_UNREACHABLE`, or `ERR_CLI_ANSWER` when there is more.
 */
export function createDiscoveryFetch(): typeof fetch {
  const fetchFn = createReachingFetch({ timeoutMs });
  return async (input, init) => {
    const response = await fetchFn(input, { redirect: 'error', ...init });
    const text = await readBounded(response, maxBytes);
    if (text === undefined) {
      const { href } = new URL(input instanceof Request ? input.url : input);
      throw new SetupError({
        code: 'ERR_CLI_ANSWER',
        problem: `the answer of ${href} is longer than ${maxBytes} bytes`,
        remedy: 'check the URL (--url, SALLYPORT_URL)',
      });
    }
    const { status, statusText, headers } = response;
    return new Response(text === '' ? null : text, { status, statusText, headers });
  };
}
