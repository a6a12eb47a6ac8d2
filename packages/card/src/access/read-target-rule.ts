import { member, type AuditLevel, type AuditMode, type JsonValue, type SignInRequirement } from '@sallyport/core';
import * as z from 'zod';
import type { TargetRule } from '../card/card.ts';
import { CardProblem, show, type DocumentPath } from '../card/card-problem.ts';
import { explainIssues, ownWords } from '../card/explain-issue.ts';
import type { ProblemList } from '../card/problem-list.ts';
import { checkCondition } from './check-condition.ts';
import { nameListSchema } from './name-list.ts';
import {
  isScopeToken,
  offlineAccess,
  offlineAccessProblem,
  offlineAccessRemedy,
  scopeTokenRule,
} from './scope-token.ts';
import { signInSchema, type SignInInput } from './sign-in-requirement.ts';

export type RuleKind = 'tool' | 'resource' | 'prompt';

export interface ReadRuleContext {
  readonly kind: RuleKind;
  /** The scopes that the card declares. */
  readonly declared: ReadonlyMap<string, unknown>;
  readonly problems: ProblemList;
}

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
  groups: nameListSchema.optional(),
  roles: nameListSchema.optional(),
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
 * Reads the rule of one target. Adds to `problems`: unknown fields, scopes that are left out (`[]` must be written to mean
 * "any valid token"), scopes that are not declared, and what this version can not do yet. `undefined` when nothing could be read.
 */
export function readTargetRule(value: JsonValue, path: DocumentPath, context: ReadRuleContext): TargetRule | undefined {
  const { problems } = context;
  checkDeclared(value, path, context);
  const rule = parse(value, path, context);
  if (rule === undefined) return undefined;
  if (rule.scopes === undefined && rule.anyOf === undefined)
    problems.add(new CardProblem([...path, 'scopes'], 'is missing', scopesRemedy));
  if (rule.stepUp !== undefined && rule.when === undefined) {
    problems.add(new CardProblem([...path, 'stepUp'], 'has no effect without "when"', 'add "when" or remove it'));
  }
  if (rule.when !== undefined) checkCondition(rule.when, [...path, 'when'], context);
  checkAvailable(rule, path, problems);
  const {
    scopes = [],
    anyOf = [],
    groups = [],
    roles = [],
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
    groups: unique(groups),
    roles: unique(roles),
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
  readonly groups?: readonly string[] | undefined;
  readonly roles?: readonly string[] | undefined;
  readonly when?: string | undefined;
  readonly stepUp?: readonly string[] | undefined;
  readonly disclosure?: 'challenge' | 'hide' | undefined;
  readonly sensitive?: readonly string[] | undefined;
  readonly audit?: { readonly level?: AuditLevel | undefined; readonly mode?: AuditMode | undefined } | undefined;
  readonly authentication?: SignInInput | undefined;
}

/** `scopes: null`, as a card is written that a person has to finish. */
const undecided = 'is null: who may use it is not decided yet';
const scopesRemedy = 'list the scopes a caller needs, or write [] to allow any valid token';

function parse(value: JsonValue, path: DocumentPath, { kind, problems }: ReadRuleContext): ParsedRule | undefined {
  const result = (kind === 'resource' ? withoutArguments : withArguments).safeParse(value, ownWords);
  if (result.success) return result.data;
  for (const problem of explainIssues(result.error, value, path)) {
    const onScopes = problem.path.length === path.length + 1 && problem.path.at(-1) === 'scopes';
    const said = onScopes && member(value, 'scopes') === null ? undecided : problem.problem;
    problems.add(onScopes ? new CardProblem(problem.path, said, scopesRemedy) : problem);
  }
  return undefined;
}

function checkAvailable({ audit }: ParsedRule, path: DocumentPath, problems: ProblemList): void {
  if (audit?.level !== undefined && !builtLevels.includes(audit.level)) {
    const problem = `${show(audit.level)} is not available yet`;
    problems.add(new CardProblem([...path, 'audit', 'level'], problem, `use ${builtLevels.join(' or ')}`));
  }
  if (audit?.mode !== undefined && !builtModes.includes(audit.mode)) {
    const problem = `${show(audit.mode)} is not available yet`;
    problems.add(new CardProblem([...path, 'audit', 'mode'], problem, `use ${builtModes.join(' or ')}`));
  }
}

/** Looks at the rule as it is written, so that it finds what is not declared also in a rule that has other mistakes. */
function checkDeclared(rule: JsonValue, path: DocumentPath, { declared, problems }: ReadRuleContext): void {
  const check = (value: JsonValue | undefined, at: DocumentPath): void => {
    if (value === offlineAccess) problems.add(new CardProblem(at, offlineAccessProblem, offlineAccessRemedy));
    if (typeof value !== 'string' || value === offlineAccess || !isScopeToken(value) || declared.has(value)) return;
    const problem = `${show(value)} is not a declared scope`;
    problems.add(new CardProblem(at, problem, 'declare it in "scopes" or correct its name'));
  };
  const checkList = (value: JsonValue | undefined, at: DocumentPath): void => {
    for (const [index, one] of entriesOf(value)) check(one, [...at, index]);
  };
  const anyOf = member(rule, 'anyOf');
  checkList(member(rule, 'scopes'), [...path, 'scopes']);
  checkList(anyOf, [...path, 'anyOf']);
  for (const [index, list] of entriesOf(anyOf)) checkList(list, [...path, 'anyOf', index]);
  checkList(member(rule, 'stepUp'), [...path, 'stepUp']);
}

function entriesOf(value: JsonValue | undefined): readonly (readonly [number, JsonValue])[] {
  return Array.isArray(value) ? value.map((one: JsonValue, index): readonly [number, JsonValue] => [index, one]) : [];
}

/** RFC 6901. The empty pointer is all of the arguments. */
function isJsonPointer(text: string): boolean {
  return text.length <= 1024 && /^(?:\/(?:[^~/]|~[01])*)*$/.test(text);
}

function unique(list: readonly string[]): readonly string[] {
  return Object.freeze([...new Set(list)]);
}
