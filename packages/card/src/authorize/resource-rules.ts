import type { Decision } from '@sallyport/core';
import type { TargetRule } from '../card/card.ts';
import type { RegisteredTargets } from '../drift/registered-targets.ts';
import { climbs } from '../template/climbs.ts';
import { isTemplate } from '../template/parse-template.ts';
import { compileLooseTemplate, compileUriTemplate, type UriTemplate } from '../template/uri-template.ts';
import { compileRule, type CompiledRule, type PolicyFacts } from './compiled-rule.ts';
import { fixedDecision } from './fixed-decisions.ts';
import { coversTemplate, createRegisteredResources, type RegisteredResources } from './registered-resources.ts';

/** A resource whose URI is longer is refused unread. */
const maxUriLength = 8_192;

/** The rules of resources. */
export interface ResourceRules {
  /** Every rule a URI must satisfy; none when no rule covers it. */
  findAll(uri: string): readonly CompiledRule[];
  /** The rule of exactly this key of the card: a template as it is written, or a URI. */
  findKey(key: string): CompiledRule | undefined;
  /** The refusal of a URI or key without a rule. */
  refuse(uri: string): Decision;
}

interface Entry {
  readonly compiled: CompiledRule;
  readonly isRegistered: boolean;
}

interface TemplateEntry extends Entry {
  readonly template: UriTemplate;
}

const noRules: readonly CompiledRule[] = Object.freeze([]);

/**
 * Finds the rules of a URI. A URI that the card names beats every template. Otherwise all templates that match count, because the card
 * can not know which of them the server would choose.
 *
 * A template matches only URIs in normal form and without `.` and `..` segments, encoded or not: servers parse a URI before they look
 * it up, and what they look up must be what was decided. Nothing else is normalised; names compare exactly.
 */
export function createResourceRules(
  rules: ReadonlyMap<string, TargetRule>,
  facts: PolicyFacts,
  registered: RegisteredTargets | undefined,
): ResourceRules {
  const server = registered === undefined ? undefined : createRegisteredResources(registered);
  const literals = new Map<string, Entry>();
  const templates = new Map<string, TemplateEntry>();
  // In the order of their names, so that a decision does not depend on the order of the card.
  for (const [key, rule] of [...rules].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const compiled = compileRule(`resources.${key}`, rule, 'resource', facts);
    if (isTemplate(key)) {
      const template = compileUriTemplate(key);
      templates.set(key, {
        compiled,
        template,
        isRegistered: server === undefined || coversTemplate(server, template),
      });
    } else literals.set(key, { compiled, isRegistered: server === undefined || server.has(key) });
  }
  const templateList = [...templates.values()];
  const shadows = (registered?.resourceTemplates ?? [])
    .filter((template) => !templates.has(template))
    .map(compileLooseTemplate);

  const matching = (uri: string): readonly TemplateEntry[] => {
    const found = templateList.filter(({ template }) => template.matches(uri));
    return found.length > 0 && isNormal(uri) ? found : [];
  };
  // A literal that is not in normal form reaches, on a server that parses URIs, what its normal form names.
  const alsoReached = new Map<string, readonly CompiledRule[]>();
  for (const [uri, { compiled }] of literals) {
    const normal = new URL(uri).href;
    const other = normal === uri ? [] : (asList(literals.get(normal)) ?? matching(normal));
    alsoReached.set(uri, [compiled, ...other.map((entry) => entry.compiled)]);
  }

  return {
    findAll: (uri) => {
      const literal = literals.get(uri);
      if (literal !== undefined) return literal.isRegistered ? (alsoReached.get(uri) ?? noRules) : noRules;
      if (uri.length > maxUriLength) return noRules;
      const found = matching(uri);
      if (!found.some(({ isRegistered }) => isRegistered)) return noRules;
      // The server might answer with a template of its own that nobody declared.
      if (shadows.some((template) => template.matches(uri))) return noRules;
      return found.map(({ compiled }) => compiled);
    },
    findKey: (key) => {
      const entry = literals.get(key) ?? templates.get(key);
      return entry?.isRegistered === true ? entry.compiled : undefined;
    },
    refuse: refusals(facts.policy, server),
  };
}

function refusals(policy: string, server: RegisteredResources | undefined): (uri: string) => Decision {
  const unknown = fixedDecision('default', policy, 'unknown_resource');
  const notInCard = fixedDecision('default', policy, 'resource_not_in_card');
  return (uri) => (server === undefined || (uri.length <= maxUriLength && server.has(uri)) ? notInCard : unknown);
}

function asList<T>(value: T | undefined): readonly T[] | undefined {
  return value === undefined ? undefined : [value];
}

function isNormal(uri: string): boolean {
  return URL.canParse(uri) && new URL(uri).href === uri && !climbs(uri);
}
