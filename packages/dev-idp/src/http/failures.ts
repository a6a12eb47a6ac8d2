import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { DevEndpoint } from './endpoints.ts';
import { drip, pour } from './long-bodies.ts';

/**
 * How an endpoint fails:
 * - `down`: the connection is reset
 * - `hang`: nothing is answered; `heal` cuts the connection
 * - `slow`: the right answer, `delayMs` late
 * - `drip`: a JSON body that begins at once, comes byte by byte and never ends
 * - `html`: the sign-in page of a captive portal, with status 200
 * - `huge`: 64 MiB of JSON
 * - `redirect`: 307 to the same endpoint, where a client that follows gets the right answer
 * - `status`: `status` without a body
 * - `answer`: `body`
 */
export type DevFailureMode = 'down' | 'hang' | 'slow' | 'drip' | 'html' | 'huge' | 'redirect' | 'status' | 'answer';

export interface DevFailure {
  readonly endpoint: DevEndpoint;
  readonly mode: DevFailureMode;
  /** Of `status`, default 500; of `answer`, default 200. */
  readonly status?: number;
  /** Of `answer`: what is sent, as it is. Default empty. */
  readonly body?: string;
  /** Further header fields of an answer that has some, such as `Retry-After`. `Content-Type` of `answer` is `application/json`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Of `redirect`: where to. Default: the same endpoint. */
  readonly location?: string;
  /** Of `slow`, in milliseconds. Default 1000. */
  readonly delayMs?: number;
}

/** The switches of one provider. At most one failure an endpoint. */
export interface Failures {
  /** Replaces the failure of that endpoint. */
  fail(failure: DevFailure): void;
  /** Ends the failure of one endpoint, or every failure, and cuts the connections that hang because of it. */
  heal(endpoint?: DevEndpoint): void;
  /** Answers a request to an endpoint that fails, and says so by returning true. */
  answer(endpoint: DevEndpoint, request: IncomingMessage, response: ServerResponse, right: RequestListener): boolean;
}

/** What marks the target of a redirect, so that who follows it gets through. */
const followed = 'redirected';

const page = '<!doctype html><title>Sign in</title><h1>Sign in to the network</h1>\n';

export function createFailures(): Failures {
  const failures = new Map<DevEndpoint, DevFailure>();
  const open = new Map<ServerResponse, DevEndpoint>();
  return {
    fail(failure) {
      failures.set(failure.endpoint, failure);
    },
    heal(endpoint) {
      if (endpoint === undefined) failures.clear();
      else failures.delete(endpoint);
      for (const [response, of] of open) if (endpoint === undefined || of === endpoint) response.destroy();
    },
    answer(endpoint, request, response, right) {
      const failure = failures.get(endpoint);
      if (failure === undefined || (request.url ?? '').endsWith(followed)) return false;
      if (failure.mode === 'hang' || failure.mode === 'drip' || failure.mode === 'huge') {
        open.set(response, endpoint);
        response.once('close', () => open.delete(response));
      }
      perform(failure, request, response, right);
      return true;
    },
  };
}

function perform(
  failure: DevFailure,
  request: IncomingMessage,
  response: ServerResponse,
  right: RequestListener,
): void {
  const { mode, headers, status } = failure;
  const json = { 'content-type': 'application/json', ...headers };
  switch (mode) {
    case 'down':
      request.socket.resetAndDestroy();
      return;
    case 'hang':
      return;
    case 'slow': {
      const timer = setTimeout(() => right(request, response), failure.delayMs ?? 1000);
      response.once('close', () => clearTimeout(timer));
      return;
    }
    case 'drip':
      drip(response.writeHead(200, json));
      return;
    case 'html':
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...headers }).end(page);
      return;
    case 'huge':
      pour(response.writeHead(200, json));
      return;
    case 'redirect': {
      const [path = ''] = (request.url ?? '').split('?', 1);
      response.writeHead(307, { location: failure.location ?? `${path}?${followed}`, ...headers }).end();
      return;
    }
    case 'status':
      response.writeHead(status ?? 500, headers).end();
      return;
    case 'answer':
      response.writeHead(status ?? 200, json).end(failure.body ?? '');
  }
}
