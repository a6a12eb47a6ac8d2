/**
 * - `malformed`: no signed note at all, or one that breaks a limit.
 * - `bad_signature`: a signature of a known key does not hold.
 * - `unverified`: nobody who is known has signed.
 */
export type NoteErrorCode = 'malformed' | 'bad_signature' | 'unverified';

/** A signed note that can not be trusted. */
export class NoteError extends Error {
  override readonly name = 'NoteError';
  readonly code: NoteErrorCode;

  constructor(code: NoteErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
