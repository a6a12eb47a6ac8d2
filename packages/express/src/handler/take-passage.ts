import type { IncomingMessage, ServerResponse } from 'node:http';
import { createLimitedLogger, logEvent, type OperationalLogger } from '@sallyport/core';
import { answerGuardMissing } from '../answer/guard-missing.ts';
import { edgeOf } from '../edge/arm-edge.ts';
import type { ResponseEdge } from '../edge/response-edge.ts';
import { passageOf, type Passage } from '../passage/passage.ts';
import { createLogger } from '../suite/logger.ts';

/**
 * The passage and edge of a request that `commit` has marked, for the one handler that may serve it.
 * Any other request is answered with 500 here, and nothing runs.
 */
export function takePassage(
  req: IncomingMessage,
  res: ServerResponse,
): { passage: Passage; edge: ResponseEdge } | undefined {
  const passage = passageOf(req);
  const edge = passage && edgeOf(passage);
  if (passage?.state === 'committed' && edge !== undefined) {
    passage.state = 'handled';
    return { passage, edge };
  }
  if (edge !== undefined) {
    edge.fail(new Error('a second handler was reached by a call that one handler has taken'));
    return undefined;
  }
  const log = passage?.runtime.log ?? logWithoutSuite();
  logEvent(log, 'sallyport.guard.handler_unguarded', { missing: 'commit' });
  answerGuardMissing(req, res);
  return undefined;
}

let fallback: OperationalLogger | undefined;

/** A handler without any guard knows no suite, and so not its log. */
function logWithoutSuite(): OperationalLogger {
  fallback ??= createLimitedLogger(createLogger());
  return fallback;
}
