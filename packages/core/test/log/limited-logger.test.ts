import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLimitedLogger, logEvent, type LimitedLogger } from '../../src/index.ts';

let lines: { readonly event: unknown; readonly of: unknown; readonly count: unknown }[];
let log: LimitedLogger;

beforeEach(() => {
  vi.useFakeTimers();
  lines = [];
  const say = (fields: object): void => {
    const { event, of, count } = fields as Record<string, unknown>;
    lines.push({ event, of, count });
  };
  log = createLimitedLogger({ info: say, warn: say, error: say });
});
afterEach(() => {
  vi.useRealTimers();
});

const flood = (times: number): void => {
  for (let i = 0; i < times; i++) logEvent(log, 'sallyport.guard.handler_unguarded', { missing: 'commit' });
};
const suppressed = (count: number): object => ({
  event: 'sallyport.log.suppressed',
  of: 'sallyport.guard.handler_unguarded',
  count,
});

describe('a log that somebody floods', () => {
  it('has 60 lines of an event in a minute, and the exact number of the others at its end', () => {
    flood(10_000);
    expect(lines).toHaveLength(60);
    vi.advanceTimersByTime(60_000);
    expect(lines).toHaveLength(61);
    expect(lines.at(-1)).toEqual(suppressed(9_940));
    flood(61);
    expect(lines).toHaveLength(121);
  });

  it('keeps the lines of other events', () => {
    flood(100);
    logEvent(log, 'sallyport.audit.copy_failed', { stream: 'a' });
    expect(lines.at(-1)?.event).toBe('sallyport.audit.copy_failed');
  });

  it('says at the end of the process what was not repeated, once', () => {
    flood(70);
    log.flush();
    expect(lines.at(-1)).toEqual(suppressed(10));
    log.flush();
    vi.advanceTimersByTime(60_000);
    expect(lines).toHaveLength(61);
  });

  it('says nothing when nothing was left out', () => {
    flood(60);
    vi.advanceTimersByTime(60_000);
    log.flush();
    expect(lines).toHaveLength(60);
  });
});
