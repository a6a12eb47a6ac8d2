import { noopObserver, type ObserverEvent } from '@sallyport/core';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { AnchorQueue } from '../../src/anchor/anchor-queue.ts';
import { Anchors } from '../../src/anchor/anchors.ts';
import type { CheckpointAnchor } from '../../src/index.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** An anchor that a test commands. */
function scripted(intervalSeconds?: number) {
  const taken: string[] = [];
  const state: { answer: () => Promise<void> } = { answer: () => Promise.resolve() };
  const anchor: CheckpointAnchor = {
    name: 'elsewhere',
    ...(intervalSeconds !== undefined && { intervalSeconds }),
    publish: async (note) => {
      taken.push(note);
      await state.answer();
    },
    close: vi.fn(() => Promise.resolve()),
  };
  const events: ObserverEvent[] = [];
  const said: string[] = [];
  const say =
    (level: string) =>
    (_facts: object, message: string): void =>
      void said.push(`${level} ${message}`);
  const log = { info: say('info'), warn: say('warn'), error: say('error') };
  const observer = { ...noopObserver, emit: (event: ObserverEvent) => void events.push(event) };
  return { anchor, state, taken, events, said, options: { log, observer } };
}

function queueOf(of: ReturnType<typeof scripted>): AnchorQueue {
  return new AnchorQueue(of.anchor, { ...of.options, origin: 'log.example/pod-a' });
}

const refuse = (): Promise<void> => Promise.reject(new Error('down'));

describe('an anchor', () => {
  test('gets the first checkpoint at once, and then the newest of every interval', async () => {
    const of = scripted();
    const queue = queueOf(of);
    for (let second = 0; second < 25; second++) {
      queue.offer(`note ${second}`, second);
      await vi.advanceTimersByTimeAsync(1000);
    }
    expect(of.taken).toEqual(['note 0', 'note 9', 'note 19']);
    expect(of.events.every((event) => event.type === 'audit.anchored' && event.ok)).toBe(true);
    expect(queue.problem).toBeUndefined();
  });

  test('that is down is asked again, ever more rarely, for the newest checkpoint; that is told once', async () => {
    const of = scripted(1);
    const queue = queueOf(of);
    of.state.answer = refuse;
    for (let second = 0; second < 120; second++) {
      queue.offer(`note ${second}`, second);
      await vi.advanceTimersByTimeAsync(1000);
    }
    expect(of.taken.length).toBeGreaterThan(5);
    expect(of.taken.length).toBeLessThan(10);
    expect(queue.problem).toMatch(/^the anchor elsewhere has not taken a checkpoint for 1[12][0-9] s$/);
    expect(of.said).toEqual(['error a checkpoint did not reach its anchor; the newest one is tried again']);
    of.state.answer = () => Promise.resolve();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(of.taken.at(-1)).toBe('note 119');
    expect(queue.problem).toBeUndefined();
    expect(of.said.at(-1)).toBe('warn checkpoints reach their anchor again');
    expect(of.events.at(-1)).toMatchObject({ type: 'audit.anchored', anchor: 'elsewhere', ok: true });
    const lag = of.events.findLast((event) => event.type === 'audit.anchored' && !event.ok);
    expect(lag).toMatchObject({ origin: 'log.example/pod-a', lagMs: expect.any(Number) });
  });

  test('that does not answer is given up for the time being, and not asked a second time meanwhile', async () => {
    const of = scripted(1);
    const queue = queueOf(of);
    let answer = (): void => undefined;
    of.state.answer = () => new Promise((resolve) => (answer = resolve));
    queue.offer('note 1', 1);
    await vi.advanceTimersByTimeAsync(100_000);
    expect(of.taken).toEqual(['note 1']);
    expect(queue.problem).toBeDefined();
    answer();
    of.state.answer = () => Promise.resolve();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(of.taken).toEqual(['note 1', 'note 1']);
    expect(queue.problem).toBeUndefined();
  });

  test('gets the last checkpoint when the log is closed', async () => {
    const of = scripted();
    const queue = queueOf(of);
    queue.offer('note 1', 1);
    await vi.advanceTimersByTimeAsync(0);
    queue.offer('note 2', 2);
    await queue.close(5000);
    expect(of.taken).toEqual(['note 1', 'note 2']);
    expect(of.said).toEqual([]);
  });

  test('that hangs does not hold up the close for longer than it may', async () => {
    const of = scripted();
    const queue = queueOf(of);
    of.state.answer = () => new Promise(() => undefined);
    queue.offer('note 1', 1);
    await vi.advanceTimersByTimeAsync(0);
    const closed = queue.close(5000);
    await vi.advanceTimersByTimeAsync(5000);
    await closed;
    expect(of.said.at(-1)).toBe('error the last checkpoint did not reach its anchor');
  });

  test('that is disturbed by an observer is not', async () => {
    const of = scripted();
    const broken = {
      ...noopObserver,
      emit: () => {
        throw new Error('broken');
      },
    };
    const queue = new AnchorQueue(of.anchor, { ...of.options, observer: broken, origin: 'log.example/pod-a' });
    queue.offer('note 1', 1);
    await vi.advanceTimersByTimeAsync(0);
    expect(queue.problem).toBeUndefined();
  });
});

test('each log has its own place in the queue of each anchor, and an anchor is closed once', async () => {
  const of = scripted();
  const anchors = new Anchors([of.anchor], of.options);
  anchors.offer('log.example/a', 'note a', 1);
  anchors.offer('log.example/b', 'note b', 1);
  await anchors.close(5000);
  expect(of.taken.toSorted()).toEqual(['note a', 'note b']);
  expect(of.anchor.close).toHaveBeenCalledTimes(1);
});
