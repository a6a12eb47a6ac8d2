import { createDecider, type Decider } from './create-decider.ts';
import { createLister } from './create-lister.ts';
import { policyCases, type PolicySpan } from './policy-case.ts';
import type { DecideOrder, DecideResult, DecidersReady, ListOrder, ListResult } from './protocol.ts';
import { runDecider } from './run-decider.ts';
import { runLister } from './run-lister.ts';

// Decides with one card size, or lists, in a process of its own, so that nobody pays for the memory of another. Started by the bench
// with a span as its argument, or none, and an IPC channel; answers each order with a result.
const span = JSON.parse(process.argv[2] ?? 'null') as PolicySpan | null;
const deciders = new Map<string, Decider>();
if (span !== null)
  for (const policyCase of policyCases) deciders.set(policyCase.name, await createDecider(policyCase, span));
const lister = span === null ? await createLister() : undefined;

async function run(order: DecideOrder | ListOrder): Promise<DecideResult | ListResult> {
  if ('lists' in order) {
    if (lister === undefined) throw new Error('nobody to list');
    return runLister(lister, order.durationMs);
  }
  const decider = deciders.get(order.name);
  const policyCase = policyCases.find(({ name }) => name === order.name);
  if (decider === undefined || policyCase === undefined) throw new Error(`nobody to decide ${order.name}`);
  return runDecider(decider, policyCase.effect, order.durationMs);
}

process.on('message', (order: DecideOrder | ListOrder) => {
  void run(order).then((result) => process.send?.(result));
});
process.once('disconnect', () => process.exit());
process.send?.({ type: 'ready' } satisfies DecidersReady);
