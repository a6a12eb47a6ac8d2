import { intType, json, kind, stringsType, stringType, type StaticType } from './static-type.ts';

/** What a condition stands in: the rule of a tool, prompt or resource. */
export type ConditionKind = 'tool' | 'prompt' | 'resource';

const actor: StaticType = {
  kinds: kind.map,
  fields: new Map([
    ['issuer', stringType],
    ['subject', stringType],
  ]),
};

/** Members of `principal`. Those that are `optional` are missing where the token does not say. */
export const principalFields: ReadonlyMap<string, { readonly type: StaticType; readonly optional?: true }> = new Map([
  ['issuer', { type: stringType }],
  ['subject', { type: stringType }],
  ['clientId', { type: stringType, optional: true }],
  ['scopes', { type: stringsType }],
  ['tenant', { type: stringType, optional: true }],
  ['groups', { type: stringsType }],
  ['roles', { type: stringsType }],
  ['acr', { type: stringType, optional: true }],
  ['amr', { type: stringsType }],
  ['authTime', { type: intType, optional: true }],
  ['proof', { type: stringType }],
  ['actors', { type: { kinds: kind.list, element: actor } }],
]);

const principal: StaticType = {
  kinds: kind.map,
  fields: new Map([...principalFields].map(([name, { type }]) => [name, type])),
};

const callFields: readonly (readonly [string, StaticType])[] = [
  ['method', stringType],
  ['name', stringType],
  ['era', stringType],
  ['protocolVersion', stringType],
];

const variables: readonly (readonly [string, StaticType])[] = [
  ['principal', principal],
  ['args', { ...json, kinds: kind.map }],
];

const ofNames: ReadonlyMap<string, StaticType> = new Map([
  ...variables,
  ['call', { kinds: kind.map, fields: new Map(callFields) }],
]);
const ofResources: ReadonlyMap<string, StaticType> = new Map([
  ...variables,
  ['call', { kinds: kind.map, fields: new Map([...callFields, ['uri', stringType]]) }],
]);

/** The variables of a condition. Only a resource has `call.uri`. */
export function variablesOf(conditionKind: ConditionKind): ReadonlyMap<string, StaticType> {
  return conditionKind === 'resource' ? ofResources : ofNames;
}

/** What a comprehension over a value binds its variable to: the elements of a list, the keys of a map. */
export function elementOf(range: StaticType): StaticType {
  if ((range.kinds & kind.map) === 0) return range.element ?? json;
  return (range.kinds & kind.list) === 0 ? stringType : { kinds: json.kinds | (range.element?.kinds ?? 0) };
}
