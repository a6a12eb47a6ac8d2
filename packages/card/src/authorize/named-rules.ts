import type { Decision, Reason } from '@sallyport/core';
import type { TargetRule } from '../card/card.ts';
import { compileRule, type CompiledRule, type PolicyFacts } from './compiled-rule.ts';
import { fixedDecision } from './fixed-decisions.ts';

/** The rules of tools or prompts: found by their exact name. */
export interface NamedRules {
  find(name: string): CompiledRule | undefined;
  /** The refusal of a name without a rule. */
  refuse(name: string): Decision;
}

export interface NamedRulesOptions {
  readonly kind: 'tool' | 'prompt';
  readonly facts: PolicyFacts;
  /** What the server registers; `undefined` when nobody knows. */
  readonly registered: readonly string[] | undefined;
  readonly unknown: Reason;
  readonly notInCard: Reason;
}

/** A rule whose target the server does not register is left out: the target is unknown, whatever the card says. */
export function createNamedRules(rules: ReadonlyMap<string, TargetRule>, options: NamedRulesOptions): NamedRules {
  const { kind, facts } = options;
  const registered = options.registered === undefined ? undefined : new Set(options.registered);
  const compiled = new Map<string, CompiledRule>();
  for (const [name, rule] of rules) {
    if (registered === undefined || registered.has(name))
      compiled.set(name, compileRule(`${kind}s.${name}`, rule, kind, facts));
  }
  const unknown = fixedDecision('default', facts.policy, options.unknown);
  const notInCard = fixedDecision('default', facts.policy, options.notInCard);
  return {
    find: (name) => compiled.get(name),
    refuse: (name) => (registered === undefined || registered.has(name) ? notInCard : unknown),
  };
}
