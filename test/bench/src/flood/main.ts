import { setTimeout } from 'node:timers/promises';

import { bearer, createBenchAuthenticator } from '../token-checks/guard-subjects.ts';
import type { IssuerOrder } from '../token-checks/protocol.ts';
import { benchClaims } from '../tokens/bench-claims.ts';
import { readPrivateKey, signToken } from '../tokens/signing-key.ts';
import { createInvalidTokens, expectedReason } from './invalid-tokens.ts';
import type { FloodOrder, FloodResult } from './protocol.ts';
import { runFlood } from './run-flood.ts';

// A guard that is flooded with invalid tokens, in a process of its own and with `--expose-gc`. Started by the bench with
// an order as its argument and an IPC channel; answers each further order with a result.
const order = JSON.parse(process.argv[2] ?? '') as IssuerOrder;
const signingKey = order.keys.RS256;
const authenticator = createBenchAuthenticator(order);
const invalidTokens = createInvalidTokens(order.issuer, signingKey);

process.on('message', ({ kind, count }: FloodOrder) => {
  const start = performance.now();
  void runFlood(authenticator, invalidTokens[kind], count, expectedReason[kind]).then((wrong) => say(start, wrong));
});
process.once('disconnect', () => process.exit());

// A guard in use: it has the keys, and somebody has come in.
await authenticator.authenticate(bearer(signToken(readPrivateKey(signingKey), benchClaims(order.issuer))));
await say(performance.now());

async function say(start: number, wrong?: string): Promise<void> {
  const elapsedMs = performance.now() - start;
  const { gc } = globalThis;
  if (gc === undefined) throw new Error('needs --expose-gc');
  // What has a finaliser is gone only after the second collection.
  gc();
  await setTimeout(100);
  gc();
  const { rss: rssBytes, heapUsed: heapBytes } = process.memoryUsage();
  process.send?.({ elapsedMs, rssBytes, heapBytes, ...(wrong === undefined ? {} : { wrong }) } satisfies FloodResult);
}
