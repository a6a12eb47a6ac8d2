import { SetupError, type SetupErrorCode } from '@sallyport/core';
import type { Path } from '../schema/annotated-schema.ts';
import { formatPath } from './field-path.ts';

/**
 * Which mistake is told first: a misspelt name explains a missing one, a feature that does not exist makes its values moot,
 * and a value that could not be resolved can not be judged.
 */
export type ProblemKind = 'unknown' | 'unavailable' | 'unresolved' | 'invalid';

/** One mistake in a configuration. */
export interface Problem {
  readonly kind: ProblemKind;
  readonly path: Path;
  readonly problem: string;
  readonly remedy: string;
  readonly cause?: unknown;
}

const order: readonly ProblemKind[] = ['unknown', 'unavailable', 'unresolved', 'invalid'];

/** Throws the first of the problems, if there is one. */
export function throwFirst(problems: readonly Problem[], file: string | undefined): void {
  for (const kind of order) {
    const first = problems.find((problem) => problem.kind === kind);
    if (first !== undefined) throw toSetupError(first, file);
  }
}

function toSetupError(problem: Problem, file: string | undefined): SetupError {
  const code: SetupErrorCode = problem.kind === 'unavailable' ? 'ERR_CONFIG_UNAVAILABLE' : 'ERR_CONFIG_INVALID';
  const field = formatPath(problem.path);
  return new SetupError({
    code,
    ...(file === undefined ? {} : { file }),
    ...(field === '' ? {} : { field }),
    problem: problem.problem,
    remedy: problem.remedy,
    cause: problem.cause,
  });
}
