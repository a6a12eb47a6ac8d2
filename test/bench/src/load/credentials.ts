import { randomUUID } from 'node:crypto';

import type { Scenario } from '../plan/scenario.ts';
import { benchClaims } from '../tokens/bench-claims.ts';
import { readPrivateKey, signToken } from '../tokens/signing-key.ts';
import type { LoadOrder } from './protocol.ts';

/** The `Authorization` header of the next call, or `undefined` for a call without one. */
export type NextCredential = () => string | undefined;

/** Prepares the credentials of a load before it starts, so that nothing is signed while it runs. */
export function prepareCredentials(order: LoadOrder): NextCredential {
  const key = readPrivateKey(order);
  const now = Math.floor(Date.now() / 1000);
  const claims = benchClaims(order.issuer);
  const mint = (changed: object = {}): string =>
    `Bearer ${signToken(key, { ...claims, jti: randomUUID(), ...changed })}`;

  const single: Readonly<Record<Exclude<Scenario, 'call-distinct'>, () => string | undefined>> = {
    call: () => mint(),
    list: () => mint(),
    'no-token': () => undefined,
    'garbage-token': () => 'Bearer garbage',
    'expired-token': () => mint({ exp: now - 300 }),
    'wrong-scope': () => mint({ scope: 'bench:other' }),
  };
  if (order.scenario !== 'call-distinct') {
    const credential = single[order.scenario]();
    return () => credential;
  }
  const tokens = Array.from({ length: order.maxCalls }, () => mint());
  return () => tokens.pop();
}
