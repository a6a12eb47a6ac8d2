import type { AccessPolicy, TargetRule } from '../card/card.ts';
import { closureOf } from './closure.ts';

/**
 * Scopes whose name would give a hidden target away: those that only hidden targets use, and those that no target uses and that
 * lead to nothing but such scopes. They appear in no published document and no challenge of a first sign-in.
 */
export function hiddenScopes(access: AccessPolicy): ReadonlySet<string> {
  const open = new Set<string>();
  const gated = new Set<string>();
  for (const rules of [access.tools, access.resources, access.prompts]) {
    for (const rule of rules.values()) {
      for (const scope of scopesOf(rule)) (rule.disclosure === 'hide' ? gated : open).add(scope);
    }
  }
  const hidden = new Set([...gated].filter((scope) => !open.has(scope)));
  for (const scope of access.scopes.keys()) {
    if (open.has(scope) || gated.has(scope)) continue;
    const reached = [...closureOf(access.scopes, scope)];
    if (reached.some((other) => gated.has(other) && !open.has(other)) && !reached.some((other) => open.has(other)))
      hidden.add(scope);
  }
  return hidden;
}

function scopesOf(rule: TargetRule): readonly string[] {
  return [...rule.scopes, ...rule.anyOf.flat(), ...rule.stepUp];
}
