import { SetupError } from '@sallyport/core';

/** A statement that is refused or fails. */
export function sqlError(problem: string, remedy: string, cause?: unknown): SetupError {
  return new SetupError({
    code: 'ERR_CLI_SQL',
    field: '--sql',
    problem,
    remedy,
    ...(cause !== undefined && { cause }),
  });
}

/** What DuckDB says, on one line. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return (text.split('\n', 1)[0] ?? '').slice(0, 500);
}
