import { isJsonObject, member, type JsonObject, type JsonValue } from '@sallyport/core';
import { isScopeToken } from '../access/scope-token.ts';
import type { ListedTarget } from './listed-server.ts';

/** A rule as a card has it, made from what a server says about a target. */
export interface BuiltRule {
  /** With `scopes: null` where nothing says who may use it: such a card starts no server until somebody decides. */
  readonly rule: JsonObject;
  readonly decided: boolean;
  /** Why nothing was taken from a declaration that there is. */
  readonly note?: string;
}

const maxDescription = 200;

/**
 * The rule of a target. Taken from `_meta["dev.sallyport/access"]`, else from the `securitySchemes` of a tool, else from the SDK's
 * `scopeChallenge`. Nothing but an explicit `[]` in the first of them lets everybody in.
 */
export function ruleFromTarget(target: ListedTarget): BuiltRule {
  const description = shortDescription(target.description);
  const head = description === undefined ? {} : { description };
  const decided = (rest: JsonObject): BuiltRule => ({ rule: { ...head, ...rest }, decided: true });
  const open = (note?: string, rest: JsonObject = {}): BuiltRule => ({
    rule: { ...head, ...rest, scopes: null },
    decided: false,
    ...(note !== undefined && { note }),
  });
  if (target.access !== undefined) return fromMeta(target.access, { decided, open });
  if (target.securitySchemes !== undefined) return fromSchemes(target.securitySchemes, { decided, open });
  if (target.declaredScopes === 'varies') return open('its scopes depend on the request');
  return target.declaredScopes === undefined ? open() : decided({ scopes: target.declaredScopes });
}

interface Make {
  readonly decided: (rest: JsonObject) => BuiltRule;
  readonly open: (note?: string, rest?: JsonObject) => BuiltRule;
}

function fromMeta(access: JsonValue, { decided, open }: Make): BuiltRule {
  if (Array.isArray(access)) return areScopes(access) ? decided({ scopes: access }) : open('its _meta names no scopes');
  if (!isJsonObject(access)) return open('its _meta is neither a rule nor a list of scopes');
  const { scopes, anyOf } = access;
  return (scopes ?? anyOf ?? null) === null ? open(undefined, access) : decided(access);
}

/** Each scheme is an alternative. One that asks for nothing says nothing about who may call here, where every caller has a token. */
function fromSchemes(schemes: JsonValue, { decided, open }: Make): BuiltRule {
  const alternatives = Array.isArray(schemes) ? schemes.map((scheme: JsonValue) => member(scheme, 'scopes')) : [];
  const usable = alternatives.filter((scopes) => Array.isArray(scopes) && scopes.length > 0 && areScopes(scopes));
  const [only, ...more] = usable as (readonly JsonValue[])[];
  if (only === undefined || usable.length < alternatives.length)
    return open('its securitySchemes also let callers in without scopes');
  return decided(more.length === 0 ? { scopes: only } : { scopes: [], anyOf: [only, ...more] });
}

function areScopes(list: readonly JsonValue[]): boolean {
  return list.every((scope) => typeof scope === 'string' && isScopeToken(scope));
}

/** The first line, short enough to be read in a list. */
function shortDescription(text: string | undefined): string | undefined {
  const line =
    (text ?? '')
      .trim()
      .split(/[\r\n]/, 1)[0]
      ?.trim() ?? '';
  if (line === '') return undefined;
  const characters = Array.from(line);
  return characters.length <= maxDescription ? line : `${characters.slice(0, maxDescription - 1).join('')}…`;
}
