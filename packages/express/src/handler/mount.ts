import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestHandler } from 'express';
import type { ResponseEdge } from '../edge/response-edge.ts';
import { setPassage, type Passage } from '../passage/passage.ts';
import { authInfoFor } from './auth-info.ts';
import { routeThroughEdge } from './patch-response.ts';
import { replayRequest } from './replay-request.ts';
import { takePassage } from './take-passage.ts';

/**
 * Any Node handler for MCP: the SDK's `toNodeHandler(…)`, a v1 transport's `handleRequest`, an Express handler of two
 * arguments, or one that reads the stream. It gets the parsed body as third argument and as `req.body`, frozen. An
 * Express middleware `(req, res, next)` is none: put it into an application or a router.
 */
export type MountableHandler = (req: never, res: never, body?: unknown) => unknown;

/**
 * An Express application or router, recognised by its method `handle`. Its third argument is a `next`: an error passed on,
 * and a request that nothing in it answers, become a 500.
 */
export interface MountableApp {
  (req: never, res: never, next: (error?: unknown) => void): unknown;
  readonly use: unknown;
}

/**
 * Serves guarded calls with another handler. Answers 500 to any request that did not pass the whole walk.
 *
 * @param handler may return a promise; what it throws or rejects with becomes a 500 that says nothing about the inside
 */
export function mount(handler: MountableHandler): RequestHandler;
export function mount(app: MountableApp): RequestHandler;
export function mount(handler: MountableHandler | MountableApp): RequestHandler {
  const serve = handler as (req: IncomingMessage, res: ServerResponse, bodyOrNext: unknown) => unknown;
  const isApp = 'handle' in handler && typeof handler.handle === 'function';
  return (req, res) => {
    const taken = takePassage(req, res);
    if (taken === undefined) return;
    const { passage, edge } = taken;
    const replay = guardedRequest(req, res, passage);
    routeThroughEdge(res, edge);
    const run = (): unknown => serve(replay, res, isApp ? nextOf(edge) : passage.body);
    void settle(() => (passage.observation ? passage.observation.run(run) : run()), edge);
  };
}

/** What an application calls with an error, or with nothing or the name of a way out when it has no answer. */
function nextOf(edge: ResponseEdge): (error?: unknown) => void {
  return (error) =>
    edge.fail(error instanceof Error ? error : new Error('the mounted application did not answer', { cause: error }));
}

function guardedRequest(req: IncomingMessage, res: ServerResponse, passage: Passage): IncomingMessage {
  const replay: IncomingMessage & { auth?: unknown; body?: unknown } = replayRequest(req, res, passage);
  const { principal, runtime } = passage;
  if (principal) replay.auth = authInfoFor(principal, runtime.config.resource);
  replay.body = passage.body;
  // So that `callOf` answers for the request the handler has in its hands.
  setPassage(replay, passage);
  return replay;
}

async function settle(run: () => unknown, edge: ResponseEdge): Promise<void> {
  try {
    await run();
  } catch (error) {
    edge.fail(error);
  }
}
