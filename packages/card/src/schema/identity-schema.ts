import type { JsonObject } from '@sallyport/core';
import { cardSchemaUrl } from '../card/read-identity.ts';

const text = (description: string): JsonObject => ({ type: 'string', description });
const texts = (description: string): JsonObject => ({ type: 'array', items: { type: 'string' }, description });
/** As SEP-2127, and with a scheme. */
const uri = (description: string): JsonObject => ({
  type: 'string',
  format: 'uri',
  pattern: '^[A-Za-z][A-Za-z0-9+.-]*:\\S*$',
  description,
});

const input = {
  choices: texts('The values there are.'),
  default: text('The value when none is given. Never that of a secret: everybody can read it.'),
  description: text('What it is, for people.'),
  format: { enum: ['boolean', 'filepath', 'number', 'string'], description: 'Format of the value. Default string.' },
  isRequired: { type: 'boolean', description: 'Whether it must be given.' },
  isSecret: { type: 'boolean', description: 'Whether it is a secret. Then it has neither a value nor a default.' },
  placeholder: text('An example.'),
  value: text('A fixed value, with {variables}. Never that of a secret: everybody can read it.'),
};
const variables = {
  type: 'object',
  additionalProperties: { $ref: '#/$defs/input' },
  description: 'What the {variables} stand for.',
};

/** `$defs` of the members of SEP-2127. */
export const identityDefinitions: JsonObject = {
  input: { type: 'object', properties: input },
  header: {
    type: 'object',
    required: ['name'],
    properties: {
      ...input,
      name: { type: 'string', pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$", description: 'Name of the header.' },
      variables,
    },
  },
  icon: {
    type: 'object',
    required: ['src'],
    properties: {
      src: uri('Where the icon is: an https or data URI.'),
      mimeType: text('Its media type, such as image/png.'),
      sizes: texts('Its sizes, such as 48x48, or any.'),
      theme: { enum: ['dark', 'light'], description: 'The background it is made for.' },
    },
  },
  remote: {
    type: 'object',
    required: ['type', 'url'],
    properties: {
      type: { enum: ['sse', 'streamable-http'], description: 'The transport.' },
      url: {
        type: 'string',
        pattern: '^(?:https?://\\S+|\\{[a-zA-Z_][a-zA-Z0-9_]*\\}\\S*)$',
        description: 'The endpoint, with {variables}.',
      },
      headers: { type: 'array', items: { $ref: '#/$defs/header' }, description: 'Headers that clients send.' },
      supportedProtocolVersions: texts('Protocol versions of MCP that it speaks.'),
      variables,
    },
  },
};

/** The members of a card that SEP-2127 names. */
export const identityProperties: JsonObject = {
  $schema: { const: cardSchemaUrl, description: 'The schema of version 1 of Server Cards.' },
  name: {
    type: 'string',
    minLength: 3,
    maxLength: 200,
    pattern: '^[a-zA-Z0-9.-]+/[a-zA-Z0-9._-]+$',
    description: 'Reverse-DNS name with exactly one slash, such as com.example/notes.',
  },
  version: { type: 'string', minLength: 1, maxLength: 255, description: 'One version, such as 1.0.2, and no range.' },
  description: { type: 'string', minLength: 1, maxLength: 100, description: 'What the server is for.' },
  title: { type: 'string', minLength: 1, maxLength: 100, description: 'A name for people.' },
  websiteUrl: uri('The page of the server.'),
  repository: {
    type: 'object',
    required: ['url', 'source'],
    description: 'Where its source is.',
    properties: {
      url: uri('Where to browse it.'),
      source: text('Who hosts it, such as github.'),
      id: text('Its id there.'),
      subfolder: text('The folder of the server in it.'),
    },
  },
  icons: { type: 'array', items: { $ref: '#/$defs/icon' }, description: 'Icons of the server.' },
  remotes: {
    type: 'array',
    items: { $ref: '#/$defs/remote' },
    description: "Endpoints of the server. Default: the resource of the server's configuration.",
  },
};
