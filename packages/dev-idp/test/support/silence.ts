import { afterAll, expect, vi } from 'vitest';

const spoken = ['info', 'warn', 'error', 'log'] as const;

/** The provider's own notices would get into the ready line of a process that embeds it: after the tests of a file, nothing was said. */
export function expectSilence(): void {
  const speech = spoken.map((name) => vi.spyOn(console, name).mockImplementation(() => undefined));
  afterAll(() => {
    for (const spy of speech) expect(spy).not.toHaveBeenCalled();
  });
}
