import type { JsonArray } from '@sallyport/core';
import type { Card, TargetRule } from '../card/card.ts';

/** What a tool list can say of a tool to clients that step up by it. */
export interface ToolSecurity {
  /** `securitySchemes` of the tool (MCP SEP-1488): each entry is one set of scopes with which it can be called. */
  readonly schemes: JsonArray;
  /** Whether a caller who lacks the scopes may know that the tool exists. */
  readonly disclosed: boolean;
}

/** The security of every tool of a card, by its exact name. Every tool takes a token, so there is never a `noauth`. */
export function toolSecurity(card: Card): ReadonlyMap<string, ToolSecurity> {
  return new Map(
    [...card.access.tools].map(([name, rule]) => [
      name,
      Object.freeze({ schemes: schemesOf(rule), disclosed: rule.disclosure !== 'hide' }),
    ]),
  );
}

/** One scheme for each alternative; then, where a condition asks for more, the same with the scopes that meet it. */
function schemesOf({ scopes, anyOf, stepUp }: TargetRule): JsonArray {
  const wholes = anyOf.length === 0 ? [scopes] : anyOf.map((alternative) => [...scopes, ...alternative]);
  const more = stepUp.length === 0 ? [] : wholes.map((whole) => [...whole, ...stepUp]);
  return Object.freeze(
    [...wholes, ...more].map((whole) => Object.freeze({ type: 'oauth2', scopes: [...new Set(whole)] })),
  );
}
