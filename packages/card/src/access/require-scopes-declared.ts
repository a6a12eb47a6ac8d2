import { SetupError } from '@sallyport/core';
import type { Card } from '../card/card.ts';
import { show } from '../card/card-problem.ts';
import { hiddenScopes } from './hidden-scopes.ts';
import { offlineAccess, offlineAccessProblem, offlineAccessRemedy } from './scope-token.ts';

export interface RequireScopesDeclaredOptions {
  /** The file that names the scopes, for the message. */
  readonly file?: string;
  /** The field that names them. Default `signInScopes`. */
  readonly field?: string;
}

/**
 * Makes sure that scopes which everybody gets to see (`signInScopes`: the challenge of a first sign-in and `scopes_supported`) are
 * declared in the card and give no hidden target away. Throws `SetupError` with code `ERR_CONFIG_INVALID`.
 */
export function requireScopesDeclared(
  card: Card,
  scopes: readonly string[],
  options: RequireScopesDeclaredOptions = {},
): void {
  const hidden = hiddenScopes(card.access);
  for (const [index, scope] of scopes.entries()) {
    const declared = card.access.scopes.has(scope);
    if (declared && !hidden.has(scope)) continue;
    throw new SetupError({
      code: 'ERR_CONFIG_INVALID',
      ...(options.file !== undefined && { file: options.file }),
      field: `${options.field ?? 'signInScopes'}[${index}]`,
      ...complaint(scope, declared),
    });
  }
}

function complaint(scope: string, declared: boolean): { readonly problem: string; readonly remedy: string } {
  if (scope === offlineAccess) return { problem: offlineAccessProblem, remedy: offlineAccessRemedy };
  if (!declared)
    return { problem: `the card does not declare ${show(scope)}`, remedy: 'declare it in the card or remove it' };
  return {
    problem: `only hidden targets of the card use ${show(scope)}`,
    remedy: 'remove it, or give its targets the disclosure "challenge"',
  };
}
