import { SetupError } from '@sallyport/core';

/** A mistake in the options. */
export function invalid(field: string, problem: string, remedy: string): SetupError {
  return new SetupError({ code: 'ERR_CONFIG_INVALID', field, problem, remedy });
}
