import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { logEvent, Refusal } from '@sallyport/core';
import { answerGuardMissing } from '../answer/guard-missing.ts';
import { refuse } from '../answer/refuse.ts';
import { allowOrigin, varyByOrigin } from '../network/cors.ts';
import { readRequestTarget } from '../network/request-target.ts';
import { closeWithConnection } from '../passage/close-with-connection.ts';
import { passageOf, setPassage, type Passage } from '../passage/passage.ts';
import type { Runtime } from '../suite/runtime.ts';

/**
 * Station 0, outermost: opens the passage of a request. Whatever refuses it later leaves exactly one record; a request
 * that ends undecided, because its client left or somebody else answered it, leaves one too.
 *
 * @returns the passage, or `undefined` when the request was refused because the suite is closing
 */
export function openPassage(runtime: Runtime, req: IncomingMessage, res: ServerResponse): Passage | undefined {
  const known = passageOf(req);
  if (known?.runtime === runtime) return known;
  if (known !== undefined) {
    logEvent(runtime.log, 'sallyport.guard.second_suite', { station: 'record' });
    answerGuardMissing(req, res);
    return undefined;
  }
  const passage = createPassage(runtime, req);
  setPassage(req, passage);
  if (runtime.inFlight.closing) {
    // The network station will not run; a page of an allowed origin may still read why.
    varyByOrigin(res);
    if (runtime.origins(req) === 'allowed')
      allowOrigin(res, req.headers.origin ?? '', runtime.config.dpop.mode !== 'off');
    refuse(passage, new Refusal('closing', { retryAfterSeconds: 1 }), req, res);
    return undefined;
  }
  closeWithConnection(req, res);
  runtime.inFlight.add(passage, () => res.destroy());
  res.once('close', () => {
    runtime.inFlight.delete(passage);
    if (passage.state !== 'open') return;
    const left = !res.writableFinished;
    const refusal = left
      ? new Refusal('body_incomplete')
      : new Refusal('guard_missing', { detail: 'answered outside the guard' });
    refuse(passage, refusal, req, res);
  });
  passage.passed = 1;
  return passage;
}

function createPassage(runtime: Runtime, req: IncomingMessage): Passage {
  return {
    runtime,
    id: randomUUID(),
    startedAtMs: runtime.clock.now(),
    startedNs: runtime.clock.monotonicNs(),
    target: readRequestTarget(originalUrl(req)),
    ip: runtime.clientAddress(req),
    userAgent: req.headers['user-agent'],
    passed: 0,
    state: 'open',
    credential: { kind: 'none' },
    attempted: undefined,
    enterprise: { kind: 'none' },
    certificate: undefined,
    untrustedHeaders: [],
    principal: undefined,
    bodyBytes: undefined,
    body: undefined,
    message: undefined,
    call: undefined,
    decision: undefined,
    observation: undefined,
    stages: [],
    closedFor: undefined,
    sessionId: undefined,
  };
}

/** The target as sent: Express rewrites `url` below a mount point. */
function originalUrl(req: IncomingMessage & { originalUrl?: string }): string {
  return req.originalUrl ?? req.url ?? '';
}
