import { createHash } from 'node:crypto';
import type { AccessPolicy, TargetRule } from '../card/card.ts';

/**
 * SHA-256 over what a policy means: the same for every order of keys and of all-of scopes, and without descriptions.
 * Written as `sha256:<hex>`.
 */
export function policyHash(access: AccessPolicy): string {
  const canonical = [
    'dev.sallyport/access/1',
    sorted(access.scopes).map(([name, { implies }]) => [name, implies.toSorted()]),
    ...[access.tools, access.resources, access.prompts].map((rules) =>
      sorted(rules).map(([name, rule]) => [name, ...facts(rule)]),
    ),
  ];
  return `sha256:${createHash('sha256').update(JSON.stringify(canonical)).digest('hex')}`;
}

function facts(rule: TargetRule): unknown[] {
  return [
    rule.scopes.toSorted(),
    rule.anyOf.map((alternative) => alternative.toSorted()),
    rule.when ?? null,
    rule.stepUp.toSorted(),
    rule.disclosure,
    rule.sensitive.toSorted(),
    rule.audit.level ?? null,
    rule.audit.mode ?? null,
    // Left out where nothing is asked, so that older policies keep their hash. Sign-ins in their order, which is one of preference.
    ...(rule.authentication === undefined
      ? []
      : [[rule.authentication.acrValues, rule.authentication.maxAgeSeconds ?? null]]),
    ...(rule.groups.length === 0 ? [] : [{ groups: rule.groups.toSorted() }]),
    ...(rule.roles.length === 0 ? [] : [{ roles: rule.roles.toSorted() }]),
  ];
}

function sorted<T>(map: ReadonlyMap<string, T>): [string, T][] {
  return [...map].toSorted(([a], [b]) => (a < b ? -1 : 1));
}
