import { SetupError } from '@sallyport/core';

/** A signing key that can not be used. */
export function signingKeyProblem(
  where: { readonly file?: string; readonly field?: string },
  problem: string,
  remedy: string,
  cause?: unknown,
): SetupError {
  return new SetupError({
    code: 'ERR_AUDIT_KEY',
    ...(where.file !== undefined && { file: where.file }),
    ...(where.field !== undefined && { field: where.field }),
    problem: `the signing key ${problem}`,
    remedy,
    cause,
  });
}
