import type { CommandIo } from './command-io.ts';
import { fitWidth } from './display-width.ts';
import { orInterrupted, type Interruption } from './interruption.ts';
import { printable, printableJson } from './printable.ts';
import { describeProblem, type Problem } from './problem.ts';
import { createStyle, type Style } from './style.ts';

export interface OutputOptions {
  /** Machines read: data as JSON lines on stdout, problems as JSON lines on stderr, nothing else. */
  readonly json?: boolean | undefined;
  /** No messages. Data and problems stay. */
  readonly quiet?: boolean | undefined;
}

/** The two streams of a command: data on stdout, messages on stderr. */
export interface Output {
  readonly json: boolean;
  /** Style of stdout. */
  readonly style: Style;
  /** Columns of the terminal that stdout is; absent for a pipe. */
  readonly width: number | undefined;
  /** Lines of data. Unprintable characters must be escaped already. Resolves when more may be written. */
  data(text: string): Promise<void>;
  /** Data as it is, line feeds included: for a format of its own. */
  raw(text: string): Promise<void>;
  /** One value as one line of JSON. */
  dataJson(value: unknown): Promise<void>;
  /** A line that explains; not with `--quiet` or `--json`. Unprintable characters are escaped. */
  message(text: string): void;
  /** Ends work that is not done. */
  readonly interruption?: Interruption | undefined;
  /** Milliseconds of a clock that never goes back. */
  readonly monotonicMs: () => number;
  /**
   * How far long work is, on a line of its own that the next one replaces; `undefined` takes it away, and so does whatever else is
   * written. Only on a terminal, and not for `--json`, `--quiet` and in CI. Long work uses `createProgress`.
   */
  progress(text: string | undefined): void;
  /** Something that does not stop the command but must be seen, also with `--quiet`. */
  warning(text: string): void;
  /** What went wrong, with code, next step and page. */
  problem(problem: Problem): void;
}

/** Back to the beginning of the line, which is cleared. */
const eraseLine = '\r\u001b[2K';

export function createOutput(io: CommandIo, options: OutputOptions = {}): Output {
  const { json = false, quiet = false } = options;
  const errorStyle = createStyle(io.stderr, io.env);
  const live = !json && !quiet && isLive(io);
  const { monotonicMs = () => performance.now(), interruption } = io;
  let progressing = false;
  const clear = (): void => {
    if (!progressing) return;
    progressing = false;
    io.stderr.write(eraseLine);
  };
  const put = (text: string): Promise<void> => {
    // Both streams are the same terminal, as a rule.
    clear();
    return write(io, text);
  };
  return {
    json,
    style: createStyle(io.stdout, io.env),
    width: io.stdout.isTTY === true ? io.stdout.columns : undefined,
    monotonicMs,
    interruption,
    data: (text) => put(`${text}\n`),
    raw: (text) => (text === '' ? Promise.resolve() : put(text)),
    dataJson: (value) => put(`${printableJson(value)}\n`),
    message(text) {
      if (json || quiet) return;
      clear();
      io.stderr.write(`${printable(text)}\n`);
    },
    progress(text) {
      if (!live) return;
      if (text === undefined) {
        clear();
        return;
      }
      progressing = true;
      // A line that is wrapped could not be taken away.
      io.stderr.write(`${eraseLine}${fitWidth(printable(text), (io.stderr.columns ?? 80) - 1)}`);
    },
    warning(text) {
      clear();
      io.stderr.write(
        json ? `${printableJson({ warning: text })}\n` : `${errorStyle('warn', 'warning')}  ${printable(text)}\n`,
      );
    },
    problem(problem) {
      clear();
      io.stderr.write(
        json ? `${printableJson({ error: problem })}\n` : `${describeProblem(problem, 'error', errorStyle)}\n`,
      );
    },
  };
}

/** Whether somebody looks at stderr while the command runs. Runners of CI often claim to be a terminal. */
function isLive({ stderr, env }: CommandIo): boolean {
  const { TERM, CI } = env;
  const ci = CI !== undefined && CI !== '' && CI !== 'false' && CI !== '0';
  return stderr.isTTY === true && TERM !== 'dumb' && !ci;
}

/** Rejects when the command is interrupted: who waits for a pipe that was closed would wait for ever. */
async function write({ stdout, interruption }: CommandIo, text: string): Promise<void> {
  interruption?.signal.throwIfAborted();
  if (stdout.write(text)) return;
  await orInterrupted(interruption, () => new Promise<void>((resolve) => void stdout.once('drain', resolve)));
}
