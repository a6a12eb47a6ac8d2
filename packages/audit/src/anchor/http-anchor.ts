import { SetupError } from '@sallyport/core';
import type { CheckpointAnchor } from './checkpoint-anchor.ts';

export interface HttpAnchorOptions {
  /** https, or http on a loopback host. */
  readonly url: string;
  /** Sent with each request, for example `authorization`. Never logged. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly intervalSeconds?: number;
}

const loopback: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Posts checkpoints as `text/plain` to an endpoint that keeps them: any 2xx means that it does. Redirects are not followed.
 *
 * @throws SetupError `ERR_CONFIG_INVALID` when the address is neither https nor loopback.
 */
export function createHttpAnchor({ url, headers = {}, intervalSeconds }: HttpAnchorOptions): CheckpointAnchor {
  const address = readAddress(url);
  return {
    // Without the query, which may hold a secret.
    name: `${address.origin}${address.pathname}`,
    ...(intervalSeconds !== undefined && { intervalSeconds }),
    async publish(note, signal) {
      const response = await fetch(address, {
        method: 'POST',
        body: note,
        headers: { ...headers, 'content-type': 'text/plain; charset=utf-8' },
        redirect: 'manual',
        signal,
      }).catch((error: unknown) => {
        throw causeOf(error);
      });
      await response.body?.cancel();
      if (!response.ok) throw new Error(`the endpoint answered ${response.status}`);
    },
  };
}

function readAddress(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const secure = url?.protocol === 'https:' || (url?.protocol === 'http:' && loopback.has(url.hostname));
  if (url !== undefined && secure && url.username === '' && url.password === '') return url;
  throw new SetupError({
    code: 'ERR_CONFIG_INVALID',
    field: 'audit.anchors',
    problem: 'the address of an anchor is neither https nor http on a loopback host, or holds user information',
    remedy: 'use https, and headers for credentials',
  });
}

/** `fetch failed` says nothing; its cause does. */
function causeOf(error: unknown): unknown {
  return error instanceof TypeError && error.cause instanceof Error ? error.cause : error;
}
