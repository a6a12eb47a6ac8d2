import type { JsonObject } from '@sallyport/core';

const scope = { $ref: '#/$defs/scope' };
const scopes = (description: string, rest: JsonObject = {}): JsonObject => ({
  type: 'array',
  items: scope,
  description,
  ...rest,
});
const names = (description: string): JsonObject => ({
  type: 'array',
  minItems: 1,
  maxItems: 100,
  items: { type: 'string', minLength: 1, maxLength: 256 },
  description,
});

const ruleFields = {
  description: { type: 'string', description: 'What it does, for people. Published, unless it is hidden.' },
  scopes: scopes('Scopes of which the caller needs every one. [] lets any valid token in.'),
  anyOf: {
    type: 'array',
    minItems: 1,
    items: { anyOf: [scope, scopes('Every scope of this alternative.', { minItems: 1 })] },
    description: 'Alternatives of which the caller needs one, besides "scopes".',
  },
  groups: names('Groups of which the caller must be in one.'),
  roles: names('Roles of which the caller must have one.'),
  when: {
    type: 'string',
    minLength: 1,
    maxLength: 4096,
    pattern: '\\S',
    description:
      'A condition in CEL over principal, args and call, such as args.amount <= 1000. Anything but true refuses.',
  },
  stepUp: scopes('Scopes with which "when" may hold. Named in the challenge.', { minItems: 1 }),
  authentication: {
    type: 'object',
    additionalProperties: false,
    minProperties: 1,
    description: 'How the user must have signed in (RFC 9470).',
    properties: {
      acrValues: {
        type: 'array',
        minItems: 1,
        maxItems: 16,
        items: { type: 'string', maxLength: 256, pattern: '^[\\u0021\\u0023-\\u005B\\u005D-\\u007E]+$' },
        description: 'Values of acr that are accepted, the preferred one first.',
      },
      maxAgeSeconds: {
        type: 'integer',
        minimum: 1,
        maximum: 31_536_000,
        description: 'Seconds since the last active sign-in, at most.',
      },
    },
  },
  disclosure: {
    enum: ['challenge', 'hide'],
    description: 'Whether a refused caller learns that it exists. Default challenge.',
  },
  audit: {
    type: 'object',
    additionalProperties: false,
    description: 'What differs from the audit settings of the server.',
    properties: {
      level: { enum: ['metadata', 'request', 'full'], description: 'How much of a call is recorded.' },
      mode: { enum: ['strict', 'at-least-one', 'available'], description: 'What happens when it can not be recorded.' },
    },
  },
};
const sensitive = {
  type: 'array',
  items: { type: 'string', maxLength: 1024, pattern: '^(?:/(?:[^~/]|~[01])*)*$' },
  description: 'JSON pointers into the arguments that are never recorded in clear.',
};
const rule = (properties: JsonObject): JsonObject => ({
  type: 'object',
  additionalProperties: false,
  properties,
  anyOf: [{ required: ['scopes'] }, { required: ['anyOf'] }],
  dependentRequired: { stepUp: ['when'] },
});

const targets = (definition: string, description: string): JsonObject => ({
  type: 'object',
  maxProperties: 10_000,
  // No control characters.
  propertyNames: { minLength: 1, maxLength: 1024, pattern: '^[^\\u0000-\\u001F\\u007F-\\u009F]*$' },
  additionalProperties: { $ref: `#/$defs/${definition}` },
  description,
});

/** `$defs` of the access policy. */
export const accessDefinitions: JsonObject = {
  scope: {
    type: 'string',
    minLength: 1,
    maxLength: 256,
    pattern: '^[\\u0021\\u0023-\\u005B\\u005D-\\u007E]+$',
    description: 'A scope that "scopes" of the policy declares.',
  },
  accessRule: rule(ruleFields),
  callRule: rule({ ...ruleFields, sensitive }),
};

/** `_meta["dev.sallyport/access"]`. */
export const accessSchema: JsonObject = {
  type: 'object',
  additionalProperties: false,
  description: 'Who may use what. What is not here is denied.',
  properties: {
    scopes: {
      type: 'object',
      maxProperties: 1000,
      propertyNames: { $ref: '#/$defs/scope' },
      description: 'The scopes there are.',
      additionalProperties: {
        type: 'object',
        additionalProperties: false,
        properties: {
          description: { type: 'string', description: 'What it allows, for people.' },
          implies: scopes('Scopes that come with it.'),
        },
      },
    },
    tools: targets('callRule', 'Rules of tools, by name.'),
    resources: targets('accessRule', 'Rules of resources, by URI or RFC 6570 template.'),
    prompts: targets('callRule', 'Rules of prompts, by name.'),
  },
};
