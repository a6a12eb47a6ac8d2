import type { Card, TargetRule } from '@sallyport/card';

/** One rule of a card, with what it is about. */
export interface PolicyTarget {
  readonly kind: 'tool' | 'resource' | 'prompt';
  readonly name: string;
  readonly rule: TargetRule;
}

/** Every rule of a card, in its order. */
export function policyTargets({ access }: Card): readonly PolicyTarget[] {
  const list = (kind: PolicyTarget['kind'], rules: ReadonlyMap<string, TargetRule>): readonly PolicyTarget[] =>
    [...rules].map(([name, rule]) => ({ kind, name, rule }));
  return [...list('tool', access.tools), ...list('resource', access.resources), ...list('prompt', access.prompts)];
}
