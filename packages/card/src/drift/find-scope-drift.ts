import { hiddenScopes } from '../access/hidden-scopes.ts';
import { show } from '../card/card-problem.ts';
import type { Card } from '../card/card.ts';
import type { DriftFinding } from './find-drift.ts';

/** Scopes that everybody gets to see. */
export interface VisibleScopes {
  /** `signInScopes` of the configuration. */
  readonly signInScopes?: readonly string[];
  /** `scopes_supported` of the protected resource metadata of a running server (RFC 9728). */
  readonly scopesSupported?: readonly string[];
}

/** Compares the scopes that everybody gets to see with those of the card, and with each other. */
export function findScopeDrift(card: Card, visible: VisibleScopes): readonly DriftFinding[] {
  const hidden = hiddenScopes(card.access);
  const { signInScopes, scopesSupported } = visible;
  const undeclared = (scopes: readonly string[], source: string): readonly DriftFinding[] =>
    [...new Set(scopes)]
      .filter((scope) => !card.access.scopes.has(scope))
      .map((name) =>
        scopeFinding('undeclared', name, `${source} names the scope ${show(name)}, which the card does not declare`),
      );
  const exposed = (scopes: readonly string[], source: string): readonly DriftFinding[] => {
    const count = new Set(scopes.filter((scope) => hidden.has(scope))).size;
    if (count === 0) return [];
    const what = count === 1 ? '1 scope that only hidden targets use' : `${count} scopes that only hidden targets use`;
    return [{ kind: 'exposed', target: 'scope', message: `${source} shows ${what} to everybody` }];
  };
  const check = (scopes: readonly string[] | undefined, source: string): readonly DriftFinding[] =>
    scopes === undefined ? [] : [...undeclared(scopes, source), ...exposed(scopes, source)];
  return [
    ...check(signInScopes, 'signInScopes'),
    ...check(scopesSupported, 'scopes_supported'),
    ...(signInScopes === undefined || scopesSupported === undefined
      ? []
      : differences(signInScopes, scopesSupported, hidden)),
  ];
}

function differences(
  wanted: readonly string[],
  advertised: readonly string[],
  hidden: ReadonlySet<string>,
): readonly DriftFinding[] {
  const missing = wanted.filter((scope) => !hidden.has(scope) && !advertised.includes(scope));
  const extra = advertised.filter((scope) => !hidden.has(scope) && !wanted.includes(scope));
  return [
    ...missing.map((name) =>
      scopeFinding(
        'advertised',
        name,
        `signInScopes names the scope ${show(name)}, which the server does not advertise`,
      ),
    ),
    ...extra.map((name) =>
      scopeFinding(
        'advertised',
        name,
        `the server advertises the scope ${show(name)}, which signInScopes does not name`,
      ),
    ),
  ];
}

function scopeFinding(kind: DriftFinding['kind'], name: string, message: string): DriftFinding {
  return { kind, target: 'scope', name, message };
}
