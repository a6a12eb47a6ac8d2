import { SetupError } from '@sallyport/core';

/** The log does not match what was signed. No crash explains that. */
export class TamperedError extends Error {
  override readonly name = 'TamperedError';
  /** Absolute path of the file in which it shows. */
  readonly file: string;

  constructor(file: string, problem: string) {
    super(problem);
    this.file = file;
  }
}

/** The refusal to go on with such a log. */
export function tamperedSetupError(error: TamperedError): SetupError {
  return new SetupError({
    code: 'ERR_AUDIT_TAMPERED',
    file: error.file,
    field: 'audit.directory',
    problem: error.message,
    remedy:
      'nothing was changed: look with `sallyport audit verify`, keep the folder as it is elsewhere, and start with an empty one or another audit.stream',
    cause: error,
  });
}
