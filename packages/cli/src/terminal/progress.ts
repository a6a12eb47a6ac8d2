import type { Output } from './output.ts';

/** How far long work is. Shown on the terminal that stderr is, and nowhere else; commands need not ask. */
export interface Progress {
  /** So many bytes of all are done. As often as you like: at most ten a second are shown. */
  readonly step: (doneBytes: number, allBytes: number) => void;
  /** Takes the line away. To be called however the work ends; more steps bring it back. */
  readonly finish: () => void;
}

/** Short work shows nothing: a line that comes and goes is only in the way. */
const patienceMs = 1000;
const betweenMs = 100;
/** A rate over less than this says nothing. */
const rateAfterMs = 500;

/**
 * The progress of one piece of work, such as `verifying  43 %  353/820 MB  190 MB/s`.
 *
 * @param label what is being done, as in `verifying`
 */
export function createProgress(output: Output, label: string): Progress {
  const { monotonicMs } = output;
  const from = monotonicMs();
  let shownAt = from + patienceMs - betweenMs;
  return {
    step(doneBytes, allBytes) {
      const now = monotonicMs();
      if (now - shownAt < betweenMs) return;
      shownAt = now;
      output.progress(lineOf(label, doneBytes, allBytes, now - from));
    },
    finish: () => output.progress(undefined),
  };
}

function lineOf(label: string, doneBytes: number, allBytes: number, elapsedMs: number): string {
  // A log that is being written grows while it is read.
  const all = Math.max(doneBytes, allBytes);
  const percent = all === 0 ? 100 : Math.floor((doneBytes / all) * 100);
  const parts = [label, `${String(percent).padStart(2)} %`, `${megabytes(doneBytes)}/${megabytes(all)} MB`];
  if (elapsedMs >= rateAfterMs) parts.push(`${megabytes((doneBytes / elapsedMs) * 1000)} MB/s`);
  return parts.join('  ');
}

/** One place behind the point below ten. */
function megabytes(bytes: number): string {
  const value = bytes / 1e6;
  return value < 10 ? value.toFixed(1) : value.toFixed(0);
}
