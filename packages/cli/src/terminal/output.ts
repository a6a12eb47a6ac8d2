import type { CommandIo, CommandStream } from './command-io.ts';
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
  /** How far long work is, on a line of its own that the next one replaces; `undefined` takes it away. Only on a terminal. */
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
  const live = io.stderr.isTTY === true && io.env['TERM'] !== 'dumb' && !json && !quiet;
  let progressing = false;
  return {
    json,
    style: createStyle(io.stdout, io.env),
    width: io.stdout.isTTY === true ? io.stdout.columns : undefined,
    data: (text) => writeLine(io.stdout, text),
    raw: (text) => (text === '' ? Promise.resolve() : write(io.stdout, text)),
    dataJson: (value) => writeLine(io.stdout, printableJson(value)),
    message(text) {
      if (!json && !quiet) io.stderr.write(`${printable(text)}\n`);
    },
    progress(text) {
      if (!live || (text === undefined && !progressing)) return;
      progressing = text !== undefined;
      io.stderr.write(`${eraseLine}${text === undefined ? '' : printable(text)}`);
    },
    warning(text) {
      io.stderr.write(
        json ? `${printableJson({ warning: text })}\n` : `${errorStyle('warn', 'warning')}  ${printable(text)}\n`,
      );
    },
    problem(problem) {
      io.stderr.write(
        json ? `${printableJson({ error: problem })}\n` : `${describeProblem(problem, 'error', errorStyle)}\n`,
      );
    },
  };
}

function writeLine(stream: CommandStream, text: string): Promise<void> {
  return write(stream, `${text}\n`);
}

async function write(stream: CommandStream, text: string): Promise<void> {
  if (stream.write(text)) return;
  await new Promise<void>((resolve) => stream.once('drain', resolve));
}
