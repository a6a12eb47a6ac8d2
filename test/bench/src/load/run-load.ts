import { Client } from 'undici';

import { checkAnswer, type Answer } from './check-answer.ts';
import { prepareCredentials } from './credentials.ts';
import type { LoadOrder, LoadResult } from './protocol.ts';
import { sendCall } from './send-call.ts';

/** An answer that takes longer than this is a wrong one. */
const answerTimeoutMs = 10_000;

/**
 * Calls a server over a number of connections, one call at a time on each, until the time or the number of calls is
 * used up. Every answer is checked; the first wrong one ends the load.
 */
export async function runLoad(order: LoadOrder): Promise<LoadResult> {
  const nextCredential = prepareCredentials(order);
  const latencies = new Float64Array(order.maxCalls);
  const clients = Array.from(
    { length: order.connections },
    () => new Client(order.origin, { headersTimeout: answerTimeoutMs, bodyTimeout: answerTimeoutMs }),
  );
  let started = 0;
  let calls = 0;
  let wrong: string | undefined;
  let knownGood = '';

  const check = (answer: Answer | Error): void => {
    if (answer instanceof Error) wrong ??= answer.message;
    // Most answers are byte for byte the one before; parsing each would make this process the limit.
    else if (answer.body !== knownGood || answer.status !== knownStatus) {
      wrong ??= checkAnswer(order.scenario, answer, order.listed);
      knownGood = answer.body;
      knownStatus = answer.status;
    }
  };
  let knownStatus = 0;

  const cpuBefore = process.cpuUsage();
  const start = performance.now();
  const end = start + order.durationMs;
  const callUntilEnd = (client: Client): Promise<void> =>
    new Promise((resolve) => {
      const next = (): void => {
        const sentAt = performance.now();
        if (wrong !== undefined || sentAt >= end || started >= order.maxCalls) return resolve();
        started += 1;
        sendCall(client, { scenario: order.scenario, credential: nextCredential() }, (answer) => {
          latencies[calls] = performance.now() - sentAt;
          calls += 1;
          check(answer);
          next();
        });
      };
      next();
    });
  await Promise.all(clients.map(callUntilEnd));
  const elapsedMs = performance.now() - start;
  const { user, system } = process.cpuUsage(cpuBefore);
  await Promise.all(clients.map((client) => client.close()));

  const sorted = latencies.subarray(0, calls).sort();
  const quantile = (share: number): number => Math.round((sorted[Math.floor(share * calls)] ?? 0) * 1000);
  return {
    calls,
    elapsedMs,
    cpuMicros: user + system,
    p50Micros: quantile(0.5),
    p99Micros: quantile(0.99),
    ...(wrong === undefined ? {} : { wrong }),
  };
}
