import type { JsonObject } from '@sallyport/core';
import * as z from 'zod';
import { CardProblem } from './card-problem.ts';
import { explainIssues, ownWords } from './explain-issue.ts';
import type { ProblemList } from './problem-list.ts';

/** The members of a card that clients read before they connect. */
export interface CardIdentity {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly title?: string;
}

/** The `$schema` every card of version 1 must name. */
export const cardSchemaUrl: string = 'https://static.modelcontextprotocol.io/schemas/v1/server-card.schema.json';

// JSON Schema counts code points, JavaScript UTF-16 units.
const text = (min: number, max: number): z.ZodType<string> =>
  z
    .string()
    .refine((value) => between(Array.from(value).length, min, max), { error: `must have ${min} to ${max} characters` });

const uri = z
  .string()
  .refine((value) => URL.canParse(value) && !/\s/.test(value), { error: 'must be an absolute URI' });

const icon = z.looseObject({
  src: uri,
  mimeType: z.string().optional(),
  sizes: z.array(z.string()).optional(),
  theme: z.enum(['dark', 'light']).optional(),
});

const inputFields = {
  choices: z.array(z.string()).optional(),
  default: z.string().optional(),
  description: z.string().optional(),
  format: z.enum(['boolean', 'filepath', 'number', 'string']).optional(),
  isRequired: z.boolean().optional(),
  isSecret: z.boolean().optional(),
  placeholder: z.string().optional(),
  value: z.string().optional(),
};
const variable = z.looseObject(inputFields);
/** Not `z.record`, which passes over a member called `__proto__`. */
const variables = z
  .custom<object>((value) => typeof value === 'object' && value !== null && !Array.isArray(value), {
    error: 'must be an object',
  })
  .superRefine((value, context) => {
    for (const [name, one] of Object.entries(value)) {
      for (const issue of variable.safeParse(one, ownWords).error?.issues ?? [])
        context.addIssue({ ...issue, path: [name, ...issue.path] });
    }
  })
  .optional();

const remote = z.looseObject({
  type: z.enum(['sse', 'streamable-http']),
  url: z.string().refine((value) => /^(?:https?:\/\/\S+|\{[a-zA-Z_][a-zA-Z0-9_]*\}\S*)$/.test(value), {
    error: 'must start with http://, https:// or a {variable} and have no spaces',
  }),
  headers: z
    .array(
      z.looseObject({
        ...inputFields,
        name: z.string().refine(isHeaderName, { error: 'must be an HTTP header name' }),
        variables,
      }),
    )
    .optional(),
  supportedProtocolVersions: z.array(z.string()).optional(),
  variables,
});

const schema = z.looseObject({
  $schema: z.literal(cardSchemaUrl),
  name: text(3, 200).refine(isReverseDns, {
    error: 'must be a reverse-DNS name with exactly one slash, such as com.example/weather',
  }),
  version: text(1, 255).refine((value) => !isVersionRange(value), {
    error: 'must be one version, such as 1.0.2, and no range',
  }),
  description: text(1, 100),
  title: text(1, 100).optional(),
  websiteUrl: uri.optional(),
  icons: z.array(icon).optional(),
  repository: z
    .looseObject({ url: uri, source: z.string(), id: z.string().optional(), subfolder: z.string().optional() })
    .optional(),
  remotes: z.array(remote).optional(),
  _meta: z.looseObject({}).optional(),
});

/** Lists that `publishedCard` writes from the policy. Written by hand they would contradict it. */
const generatedLists = ['tools', 'resources', 'prompts', 'scopes', 'transports'];

/**
 * Validates a document against the Server Card schema v1 (SEP-2127), and a little more: URIs must parse, versions must not be ranges,
 * header names must be header names. What is wrong is added to `problems`; `undefined` when the members are not what they must be.
 */
export function readIdentity(document: JsonObject, problems: ProblemList): CardIdentity | undefined {
  for (const list of generatedLists) {
    if (Object.hasOwn(document, list)) {
      problems.add(new CardProblem([list], 'is written from the policy when the card is published', 'remove it'));
    }
  }
  const result = schema.safeParse(document, ownWords);
  if (!result.success) {
    problems.add(...explainIssues(result.error, document, []));
    return undefined;
  }
  const { name, version, description, title } = result.data;
  return { name, version, description, ...(title !== undefined && { title }) };
}

/** Whether a text can be the name of a card. */
export function isCardName(name: string): boolean {
  return between(name.length, 3, 200) && isReverseDns(name);
}

function isReverseDns(name: string): boolean {
  return /^[a-zA-Z0-9.-]+\/[a-zA-Z0-9._-]+$/.test(name);
}

function between(length: number, min: number, max: number): boolean {
  return length >= min && length <= max;
}

/** `^1.2`, `~1.2`, `>=1`, `1.x`, `1.*`, `1 - 2`: the schema's description refuses them. */
function isVersionRange(version: string): boolean {
  return (
    /^[\^~<>=]|\s|\|\|/.test(version) || version.split('.').some((part) => part === '*' || part === 'x' || part === 'X')
  );
}

function isHeaderName(name: string): boolean {
  return /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name);
}
