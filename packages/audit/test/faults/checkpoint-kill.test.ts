import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { checkEvidence, linesOf } from '../support/check-evidence.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { requireBuild } from '../support/writer-process.ts';

beforeAll(requireBuild);

interface Said {
  readonly size: number;
  readonly checkpointed: number;
  readonly error?: string;
}

/** Runs the writer until it has said so many lines, and some microseconds more; returns the last. */
async function runAndKill(directory: string, lines: number): Promise<Said> {
  const script = fileURLToPath(new URL('checkpoint-writer.mjs', import.meta.url));
  const child = spawn(process.execPath, [script, JSON.stringify({ directory, stream: 'pod-a' })], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const closed = once(child, 'close');
  let last: Said = { size: 0, checkpointed: 0 };
  let count = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    last = JSON.parse(line) as Said;
    count += 1;
    if (count === lines) child.kill('SIGKILL');
  }
  await closed;
  return last;
}

test(
  'kill -9 while checkpoints are written leaves a log that starts again, and nothing that was signed is lost',
  { timeout: 120_000 },
  async () => {
    const directory = await temporaryDirectory();
    for (let round = 0; round < 20; round++) {
      const { error, size, checkpointed } = await runAndKill(directory, randomInt(1, 60));
      expect(error).toBeUndefined();
      // Every checkpoint and frontier on disk is whole, signed, and about the lines that are there.
      const { checkpoints } = await checkEvidence(directory);
      expect(checkpoints.at(-1)?.size ?? 0).toBeGreaterThanOrEqual(checkpointed);
      expect((await linesOf(directory)).length).toBeGreaterThanOrEqual(size);
    }
  },
);
