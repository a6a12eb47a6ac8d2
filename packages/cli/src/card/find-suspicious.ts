import type { Card, CardRemark } from '@sallyport/card';
import type { TextPosition } from '@sallyport/core';
import { policyTargets, type PolicyTarget } from './policy-targets.ts';

/** Something in a valid card that is probably not what its author meant. */
export interface CardFinding {
  /** Stable name of the kind of finding. */
  readonly finding: CardRemark['finding'] | 'hidden-from-nobody' | 'unused-scope' | 'nothing-declared';
  /** What it is about: `tools.transfer`, `scopes.notes:old`, or a JSON pointer. */
  readonly rule: string;
  readonly position?: TextPosition;
  readonly problem: string;
  readonly remedy: string;
}

/** Looks for what is valid and still surprising. */
export function findSuspicious(card: Card): readonly CardFinding[] {
  const targets = policyTargets(card);
  return [...emptyPolicy(targets), ...targets.flatMap(suspiciousTarget), ...unusedScopes(card, targets)];
}

function emptyPolicy(targets: readonly PolicyTarget[]): readonly CardFinding[] {
  if (targets.length > 0) return [];
  return [
    {
      finding: 'nothing-declared',
      rule: '',
      problem: 'the card declares no tool, resource or prompt: every call is denied',
      remedy: 'declare what may be called, with its scopes',
    },
  ];
}

function suspiciousTarget({ kind, name, rule }: PolicyTarget): readonly CardFinding[] {
  const found: CardFinding[] = [];
  const id = `${kind}s.${name}`;
  if (rule.disclosure === 'hide' && rule.scopes.length === 0 && rule.anyOf.length === 0 && !asksForMore(rule)) {
    found.push({
      finding: 'hidden-from-nobody',
      rule: id,
      problem: 'it is hidden, but any valid token may see and call it',
      remedy: 'name the scopes it needs, or remove "disclosure"',
    });
  }
  return found;
}

function asksForMore({ groups, roles, when }: PolicyTarget['rule']): boolean {
  return groups.length > 0 || roles.length > 0 || when !== undefined;
}

function unusedScopes(card: Card, targets: readonly PolicyTarget[]): readonly CardFinding[] {
  const used = new Set(targets.flatMap(({ rule }) => [...rule.scopes, ...rule.anyOf.flat(), ...rule.stepUp]));
  // A scope that implies one in use gives access by that.
  const useful = (name: string, seen: Set<string>): boolean => {
    if (used.has(name)) return true;
    if (seen.has(name)) return false;
    seen.add(name);
    return (card.access.scopes.get(name)?.implies ?? []).some((implied) => useful(implied, seen));
  };
  return [...card.access.scopes.keys()]
    .filter((name) => !useful(name, new Set()))
    .map((name) => ({
      finding: 'unused-scope',
      rule: `scopes.${name}`,
      problem: 'the scope gives access to nothing',
      remedy: 'use it in a rule or remove it',
    }));
}
