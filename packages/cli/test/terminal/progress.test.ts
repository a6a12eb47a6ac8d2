import { describe, expect, it } from 'vitest';
import { createOutput } from '../../src/terminal/output.ts';
import { createProgress, type Progress } from '../../src/terminal/progress.ts';

interface Shown {
  readonly stderr: string;
  readonly stdout: string;
}

interface Terminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly options?: { readonly json?: boolean; readonly quiet?: boolean };
}

/** What stands on both streams after the work, whose clock is the first argument. */
async function work(
  terminal: Terminal,
  run: (progress: Progress, at: (ms: number) => void, output: ReturnType<typeof createOutput>) => unknown,
): Promise<Shown> {
  const { isTTY = true, columns, env = {}, options = {} } = terminal;
  const written = { stdout: '', stderr: '' };
  let nowMs = 5000;
  const stream = (name: 'stdout' | 'stderr') => ({
    isTTY,
    columns,
    write(text: string): boolean {
      written[name] += text;
      return true;
    },
    once: () => undefined,
  });
  const io = { stdout: stream('stdout'), stderr: stream('stderr'), env, now: Date.now, monotonicMs: () => nowMs };
  const output = createOutput(io, options);
  await run(createProgress(output, 'verifying'), (ms) => (nowMs = 5000 + ms), output);
  return written;
}

const erase = '\r\u001B[2K';

const twoSteps = (progress: Progress, at: (ms: number) => void): void => {
  at(1000);
  progress.step(190_000_000, 820_000_000);
  at(2000);
  progress.step(380_000_000, 820_000_000);
  progress.finish();
};

describe('createProgress', () => {
  it('shows percent, bytes and rate on one line of a terminal, and leaves nothing there', async () => {
    const { stderr, stdout } = await work({ columns: 80 }, twoSteps);
    expect(stderr).toBe(
      [`${erase}verifying  23 %  190/820 MB  190 MB/s`, `${erase}verifying  46 %  380/820 MB  190 MB/s`, erase].join(
        '',
      ),
    );
    expect(stdout).toBe('');
  });

  it('is silent in a pipe, for a machine, with --quiet, in CI and on a dumb terminal', async () => {
    const silent: readonly Terminal[] = [
      { isTTY: false },
      { options: { json: true } },
      { options: { quiet: true } },
      { env: { CI: 'true' } },
      { env: { TERM: 'dumb' } },
    ];
    for (const terminal of silent) expect((await work(terminal, twoSteps)).stderr).toBe('');
    expect((await work({ env: { CI: 'false' } }, twoSteps)).stderr).not.toBe('');
  });

  it('has no colours, with NO_COLOR and without', async () => {
    for (const env of [{}, { NO_COLOR: '1' }, { FORCE_COLOR: '1' }]) {
      const { stderr } = await work({ env }, twoSteps);
      expect(stderr.replaceAll(erase, '')).not.toContain('\u001B');
    }
  });

  it('says nothing of short work, and shows at most ten lines a second', async () => {
    const { stderr } = await work({}, (progress, at) => {
      for (let ms = 0; ms < 3000; ms += 1) {
        at(ms);
        progress.step(ms * 1000, 3_000_000);
      }
      progress.finish();
    });
    expect(stderr.startsWith(`${erase}verifying  33 %  1.0/3.0 MB  1.0 MB/s${erase}`)).toBe(true);
    expect(stderr.split(erase).length - 2).toBe(20);
  });

  it('knows that a log grows while it is read, and that an empty one is done', async () => {
    const { stderr } = await work({}, (progress, at) => {
      at(2000);
      progress.step(12_000_000, 10_000_000);
      at(3000);
      progress.step(0, 0);
    });
    expect(stderr).toContain('verifying  100 %  12/12 MB');
    expect(stderr).toContain('verifying  100 %  0.0/0.0 MB');
  });

  it('is never wider than the terminal, where a wrapped line could not be taken away', async () => {
    const { stderr } = await work({ columns: 20 }, twoSteps);
    expect(stderr).toBe(`${erase}verifying  23 %  1…${erase}verifying  46 %  3…${erase}`);
  });

  it('makes room for whatever else is written', async () => {
    const { stderr, stdout } = await work({ columns: 80 }, async (progress, at, output) => {
      at(2000);
      progress.step(1_000_000, 10_000_000);
      await output.data('row');
      output.message('said');
      at(3000);
      progress.step(2_000_000, 10_000_000);
      output.warning('careful');
      progress.finish();
    });
    expect(stdout).toBe('row\n');
    expect(stderr.split(erase).slice(1)).toEqual([
      'verifying  10 %  1.0/10 MB  0.5 MB/s',
      'said\n',
      'verifying  20 %  2.0/10 MB  0.7 MB/s',
      expect.stringMatching(/warning.*careful\n$/s),
    ]);
  });
});
