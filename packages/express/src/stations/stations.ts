import type { RequestHandler } from 'express';
import { asMiddleware, pass, type Station } from '../passage/station.ts';
import type { Runtime } from '../suite/runtime.ts';
import { runtimeOf, type Sallyport } from '../suite/sallyport.ts';
import { authenticateStation } from './authenticate.ts';
import { authorizeStation } from './authorize.ts';
import { commitStation } from './commit.ts';
import { headersStation } from './headers.ts';
import { limitStation } from './limit.ts';
import { matchStation } from './match.ts';
import { networkStation } from './network.ts';
import { readCallStation } from './read-call.ts';
import { openPassage } from './record.ts';
import { routeStation } from './route.ts';

/** The stations after `record`, in their order. */
const walk: readonly Station[] = [
  networkStation,
  routeStation,
  headersStation,
  authenticateStation,
  limitStation,
  readCallStation,
  matchStation,
  authorizeStation,
  commitStation,
];

/** Station 0, outermost: whatever a later station refuses becomes exactly one record. */
export function record(suite: Sallyport): RequestHandler {
  const runtime = runtimeOf(suite);
  return (req, res, next) => {
    if (openPassage(runtime, req, res) !== undefined) next();
  };
}

/** Station 1: exact Host and Origin, preflight, CORS. Refuses with 403. */
export const network = (suite: Sallyport): RequestHandler => asMiddleware(suite, networkStation);
/** Station 2: path and method. Refuses with 404 and 405. */
export const route = (suite: Sallyport): RequestHandler => asMiddleware(suite, routeStation);
/** Station 3: size caps, duplicated credentials, rate limit by address. Refuses with 400, 401 and 429. */
export const headers = (suite: Sallyport): RequestHandler => asMiddleware(suite, headersStation);
/** Station 4: a credential becomes a principal. Refuses with 401, 403 and 503. */
export const authenticate = (suite: Sallyport): RequestHandler => asMiddleware(suite, authenticateStation);
/** Station 5: rate limit by principal. Refuses with 429, and with 405 what is not served. */
export const limit = (suite: Sallyport): RequestHandler => asMiddleware(suite, limitStation);
/** Station 6: reads and parses the body, once. Refuses with 415, 413 and 400. */
export const readCall = (suite: Sallyport): RequestHandler => asMiddleware(suite, readCallStation);
/** Station 7: era, version and headers against the body. Refuses with 400. */
export const match = (suite: Sallyport): RequestHandler => asMiddleware(suite, matchStation);
/** Station 8: the policy decides. Refuses with 403 and -32602. */
export const authorize = (suite: Sallyport): RequestHandler => asMiddleware(suite, authorizeStation);
/** Station 9: the decision is made durable. Refuses with 503. */
export const commit = (suite: Sallyport): RequestHandler => asMiddleware(suite, commitStation);

/** The whole walk as one middleware. */
export function protectWith(runtime: Runtime): RequestHandler {
  return (req, res, next) => {
    const passage = openPassage(runtime, req, res);
    if (passage === undefined) return;
    const step = (from: number): void => {
      for (let i = from; i < walk.length; i++) {
        const passed = pass(walk[i] as Station, passage, req, res);
        if (passed === false) return;
        if (passed === true) continue;
        void passed.then((onward) => {
          if (onward) step(i + 1);
        });
        return;
      }
      next();
    };
    step(0);
  };
}
