import type { ServerResponse } from 'node:http';
import type { RequestHandler } from 'express';
import { readRequestTarget } from '../network/request-target.ts';
import type { Readiness } from './sallyport.ts';

/** Liveness and readiness for probes. */
export function createHealth(readiness: () => Readiness): RequestHandler {
  return (req, res, next) => {
    const { path } = readRequestTarget(req.originalUrl);
    if (req.method !== 'GET' && req.method !== 'HEAD') next();
    else if (path === '/healthz') answer(res, 200, { status: 'ok' });
    else if (path === '/readyz') {
      const state = readiness();
      answer(res, state.ready ? 200 : 503, publicPart(state));
    } else next();
  };
}

/** What a probe needs. Why something is not ready is for the log: it may name hosts and files. */
function publicPart({ ready, enforcement, checks }: Readiness): object {
  const issuers = checks.issuers.map(({ issuer, ok }) => ({ issuer, ok }));
  const { audit, revocations, closing } = checks;
  // It goes on, but somebody should look: one of two copies is away, or checkpoints can not be written.
  const degraded = audit.ok && audit.problem !== undefined;
  const told = { ok: audit.ok, ...(degraded && { degraded }) };
  return { ready, enforcement, checks: { audit: told, issuers, revocations: { ok: revocations.ok }, closing } };
}

function answer(res: ServerResponse, status: number, body: object): void {
  res.statusCode = status;
  res.setHeader('Content-Type', 'application/json');
  res.setHeader('Cache-Control', 'no-store');
  res.end(JSON.stringify(body));
}
