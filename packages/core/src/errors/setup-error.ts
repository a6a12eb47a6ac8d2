import { SallyportError, type SetupErrorCode } from './sallyport-error.ts';

/** A place in a text, both counted from 1; columns are UTF-16 units. */
export interface TextPosition {
  readonly line: number;
  readonly column: number;
}

export interface SetupErrorOptions {
  readonly code: SetupErrorCode;
  /** The file the mistake is in, when there is one. */
  readonly file?: string;
  /** Where in the file, when that is known. */
  readonly position?: TextPosition;
  /** The field or JSON pointer, when there is one. */
  readonly field?: string;
  /** What is wrong: what was seen and what was expected. */
  readonly problem: string;
  /** What to do about it. */
  readonly remedy: string;
  readonly cause?: unknown;
}

/** A mistake that must stop the process at start: its message is one line that names file, field and remedy. */
export class SetupError extends SallyportError {
  override readonly name = 'SetupError';
  readonly code: SetupErrorCode;
  readonly file: string | undefined;
  readonly position: TextPosition | undefined;
  readonly field: string | undefined;
  readonly problem: string;
  readonly remedy: string;

  constructor(options: SetupErrorOptions) {
    const { file, position } = options;
    const place = file === undefined || position === undefined ? file : `${file}:${position.line}:${position.column}`;
    const where = [place, options.field].filter((part) => part !== undefined).join(': ');
    super(`${where === '' ? '' : `${where}: `}${options.problem}; ${options.remedy} (${options.code})`, {
      cause: options.cause,
    });
    this.code = options.code;
    this.file = file;
    this.position = position;
    this.field = options.field;
    this.problem = options.problem;
    this.remedy = options.remedy;
  }
}
