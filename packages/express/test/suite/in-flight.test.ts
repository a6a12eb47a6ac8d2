import { describe, expect, it } from 'vitest';
import type { Passage } from '../../src/passage/passage.ts';
import { createInFlight } from '../../src/suite/in-flight.ts';

const passage = (): Passage => ({}) as unknown as Passage;
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Whether a promise is settled by now. */
async function isDone(promise: Promise<unknown>): Promise<boolean> {
  let done = false;
  void promise.then(() => (done = true));
  await turn();
  return done;
}

describe('createInFlight', () => {
  it('has nothing to wait for when nothing is under way', async () => {
    const inFlight = createInFlight();
    expect(inFlight.closing).toBe(false);
    await inFlight.drain(60_000);
    expect(inFlight.closing).toBe(true);
  });

  it('waits for the last one and stops none that ends by itself', async () => {
    const inFlight = createInFlight();
    const [first, second] = [passage(), passage()];
    const stopped: boolean[] = [];
    for (const one of [first, second]) inFlight.add(one, (now) => void stopped.push(now));
    const draining = inFlight.drain(60_000);
    expect(inFlight.closing).toBe(true);
    inFlight.delete(first);
    expect(await isDone(draining)).toBe(false);
    inFlight.delete(second);
    expect(await isDone(draining)).toBe(true);
    expect(stopped).toEqual([]);
  });

  it('ends at once, and gently, what would never end', async () => {
    const inFlight = createInFlight();
    const stream = passage();
    const stopped: boolean[] = [];
    inFlight.add(stream, (now) => void stopped.push(now), true);
    const draining = inFlight.drain(60_000);
    expect(stopped).toEqual([false]);
    inFlight.delete(stream);
    await draining;
  });

  it('ends at once what turns out to never end while it is closing', async () => {
    const inFlight = createInFlight();
    const stream = passage();
    const stopped: boolean[] = [];
    inFlight.add(stream, () => undefined);
    const draining = inFlight.drain(60_000);
    inFlight.add(stream, (now) => void stopped.push(now), true);
    expect(stopped).toEqual([false]);
    inFlight.delete(stream);
    await draining;
  });

  it('cuts off what is left after the time is up, in the way that was said last', async () => {
    const inFlight = createInFlight();
    const [stream, call] = [passage(), passage()];
    const stopped: string[] = [];
    inFlight.add(stream, (now) => void stopped.push(`stream ${now}`), true);
    inFlight.add(call, () => void stopped.push('not this way'));
    inFlight.add(call, (now) => {
      stopped.push(`call ${now}`);
      inFlight.delete(call);
      inFlight.delete(stream);
    });
    await inFlight.drain(1);
    expect(stopped).toEqual(['stream false', 'stream true', 'call true']);
  });
});
