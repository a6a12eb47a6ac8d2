import type { AuditLevel, AuditMode, JsonValue, SignInRequirement } from '@sallyport/core';
import * as z from 'zod';
import type { TargetRule } from '../card/card.ts';
import { CardProblem, show, type DocumentPath } from '../card/card-problem.ts';
import { explainIssue } from '../card/explain-issue.ts';
import { isScopeToken, scopeTokenRule } from './scope-token.ts';
import { signInSchema, type SignInInput } from './sign-in-requirement.ts';

export type RuleKind = 'tool' | 'resource' | 'prompt';

const scope = z.string().refine(isScopeToken, { error: scopeTokenRule });
const alternative = z.preprocess((value) => (typeof value === 'string' ? [value] : value), z.array(scope));
const notEmpty = (length: { readonly length: number }): boolean => length.length > 0;

const fields = {
  description: z.string().optional(),
  scopes: z.array(scope).optional(),
  anyOf: z
    .array(
      alternative.refine(notEmpty, {
        error: 'an empty alternative always holds',
        params: { remedy: 'name its scopes' },
      }),
    )
    .refine(notEmpty, {
      error: 'no alternative means that nobody may call it',
      params: { remedy: 'list alternatives or remove it' },
    })
    .optional(),
  when: z
    .string()
    .refine((text) => text.trim() !== '' && text.length <= 4096, {
      error: 'must be a CEL expression of at most 4096 characters',
    })
    .optional(),
  stepUp: z
    .array(scope)
    .refine(notEmpty, { error: 'names no scope', params: { remedy: 'name scopes or remove it' } })
    .optional(),
  disclosure: z.enum(['challenge', 'hide']).optional(),
  audit: z
    .strictObject({
      level: z.enum(['metadata', 'request', 'full']).optional(),
      mode: z.enum(['strict', 'at-least-one', 'available']).optional(),
    })
    .optional(),
  authentication: signInSchema.optional(),
};
const withoutArguments = z.strictObject(fields);
const withArguments = z.strictObject({
  ...fields,
  sensitive: z
    .array(
      z.string().refine(isJsonPointer, {
        error: 'must be a JSON pointer, such as /pin',
        params: { remedy: 'see RFC 6901' },
      }),
    )
    .optional(),
});

const builtLevels: readonly AuditLevel[] = ['metadata', 'request', 'full'];
const builtModes: readonly AuditMode[] = ['strict', 'at-least-one', 'available'];

/**
 * Reads the rule of one target. Throws `CardProblem`: for an unknown field, for scopes that are left out (`[]` must be written to mean
 * "any valid token"), for scopes that are not declared, and for what this version can not do yet.
 */
export function readTargetRule(
  value: JsonValue,
  path: DocumentPath,
  kind: RuleKind,
  declared: ReadonlyMap<string, unknown>,
): TargetRule {
  const rule = parse(value, path, kind);
  if (rule.scopes === undefined && rule.anyOf === undefined)
    throw new CardProblem([...path, 'scopes'], 'is missing', scopesRemedy);
  if (rule.stepUp !== undefined && rule.when === undefined) {
    throw new CardProblem([...path, 'stepUp'], 'has no effect without "when"', 'add "when" or remove it');
  }
  checkAvailable(rule, path);
  checkDeclared(rule, path, declared);
  const {
    scopes = [],
    anyOf = [],
    stepUp = [],
    sensitive = [],
    disclosure = 'challenge',
    audit = {},
    authentication,
    when,
    description,
  } = rule;
  return Object.freeze({
    scopes: unique(scopes),
    anyOf: Object.freeze(anyOf.map(unique)),
    stepUp: unique(stepUp),
    disclosure,
    sensitive: unique(sensitive),
    audit: Object.freeze({ ...(audit.level && { level: audit.level }), ...(audit.mode && { mode: audit.mode }) }),
    ...(authentication !== undefined && { authentication: signIn(authentication) }),
    ...(when !== undefined && { when }),
    ...(description !== undefined && { description }),
  });
}

function signIn({ acrValues = [], maxAgeSeconds }: SignInInput): SignInRequirement {
  return Object.freeze({ acrValues: unique(acrValues), ...(maxAgeSeconds !== undefined && { maxAgeSeconds }) });
}

interface ParsedRule {
  readonly description?: string | undefined;
  readonly scopes?: readonly string[] | undefined;
  readonly anyOf?: readonly (readonly string[])[] | undefined;
  readonly when?: string | undefined;
  readonly stepUp?: readonly string[] | undefined;
  readonly disclosure?: 'challenge' | 'hide' | undefined;
  readonly sensitive?: readonly string[] | undefined;
  readonly audit?: { readonly level?: AuditLevel | undefined; readonly mode?: AuditMode | undefined } | undefined;
  readonly authentication?: SignInInput | undefined;
}

const scopesRemedy = 'list the scopes a caller needs, or write [] to allow any valid token';

function parse(value: JsonValue, path: DocumentPath, kind: RuleKind): ParsedRule {
  const result = (kind === 'resource' ? withoutArguments : withArguments).safeParse(value);
  if (result.success) return result.data;
  const problem = explainIssue(result.error, value, path);
  const onScopes = problem.path.length === path.length + 1 && problem.path.at(-1) === 'scopes';
  throw onScopes ? new CardProblem(problem.path, problem.problem, scopesRemedy) : problem;
}

function checkAvailable({ audit }: ParsedRule, path: DocumentPath): void {
  if (audit?.level !== undefined && !builtLevels.includes(audit.level)) {
    throw new CardProblem(
      [...path, 'audit', 'level'],
      `${show(audit.level)} is not available yet`,
      `use ${builtLevels.join(' or ')}`,
    );
  }
  if (audit?.mode !== undefined && !builtModes.includes(audit.mode)) {
    throw new CardProblem(
      [...path, 'audit', 'mode'],
      `${show(audit.mode)} is not available yet`,
      `use ${builtModes.join(' or ')}`,
    );
  }
}

function checkDeclared(
  { scopes = [], anyOf = [], stepUp = [] }: ParsedRule,
  path: DocumentPath,
  declared: ReadonlyMap<string, unknown>,
): void {
  const check = (list: readonly string[], at: DocumentPath): void => {
    const missing = list.findIndex((name) => !declared.has(name));
    if (missing === -1) return;
    throw new CardProblem(
      [...at, missing],
      `${show(list[missing])} is not a declared scope`,
      'declare it in "scopes" or correct its name',
    );
  };
  check(scopes, [...path, 'scopes']);
  for (const [index, list] of anyOf.entries()) check(list, [...path, 'anyOf', index]);
  check(stepUp, [...path, 'stepUp']);
}

/** RFC 6901. The empty pointer is all of the arguments. */
function isJsonPointer(text: string): boolean {
  return text.length <= 1024 && /^(?:\/(?:[^~/]|~[01])*)*$/.test(text);
}

function unique(list: readonly string[]): readonly string[] {
  return Object.freeze([...new Set(list)]);
}
