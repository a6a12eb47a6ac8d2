import { SallyportError, type SetupErrorCode } from './sallyport-error.ts';

export interface SetupErrorOptions {
  readonly code: SetupErrorCode;
  /** The file the mistake is in, when there is one. */
  readonly file?: string;
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
  readonly field: string | undefined;
  readonly problem: string;
  readonly remedy: string;

  constructor(options: SetupErrorOptions) {
    const where = [options.file, options.field].filter((part) => part !== undefined).join(': ');
    super(`${where === '' ? '' : `${where}: `}${options.problem}; ${options.remedy} (${options.code})`, {
      cause: options.cause,
    });
    this.code = options.code;
    this.file = options.file;
    this.field = options.field;
    this.problem = options.problem;
    this.remedy = options.remedy;
  }
}
