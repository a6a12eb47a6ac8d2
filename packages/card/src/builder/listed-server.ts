import type { JsonValue } from '@sallyport/core';
import type { RegisteredTargets } from '../drift/registered-targets.ts';

/** A tool, resource, template or prompt as a server lists it, and what the server says about its access. */
export interface ListedTarget {
  /** The name, URI or URI template. */
  readonly name: string;
  readonly description?: string;
  /** `_meta["dev.sallyport/access"]`: a rule, or a list of scopes. */
  readonly access?: JsonValue;
  /** `securitySchemes` of a tool, at its top or in its `_meta`. */
  readonly securitySchemes?: JsonValue;
  /** Scopes of the SDK's `scopeChallenge`; `varies` when they depend on the arguments. */
  readonly declaredScopes?: readonly string[] | 'varies';
}

/** Everything a server lists, in its order. */
export interface ListedServer {
  /** `serverInfo` of the server. */
  readonly name?: string;
  readonly version?: string;
  readonly title?: string;
  readonly description?: string;
  readonly tools: readonly ListedTarget[];
  readonly resources: readonly ListedTarget[];
  readonly resourceTemplates: readonly ListedTarget[];
  readonly prompts: readonly ListedTarget[];
}

/** The names alone. */
export function registeredTargets(listed: ListedServer): RegisteredTargets {
  const namesOf = (targets: readonly ListedTarget[]): readonly string[] => targets.map(({ name }) => name);
  return {
    tools: namesOf(listed.tools),
    resources: namesOf(listed.resources),
    resourceTemplates: namesOf(listed.resourceTemplates),
    prompts: namesOf(listed.prompts),
  };
}
