import type { JsonObject } from '@sallyport/core';
import { accessKey } from '../card/card.ts';
import { accessDefinitions, accessSchema } from './access-schema.ts';
import { identityDefinitions, identityProperties } from './identity-schema.ts';

/**
 * The JSON Schema (2020-12) of a Server Card with an access policy, for editors. What `loadCard` accepts is valid by it. `loadCard` refuses more: scopes
 * that are not declared, cycles, URIs and templates that match nothing, conditions that do not compile, credentials.
 */
export function cardJsonSchema(): JsonObject {
  return structuredClone({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'https://sallyport.dev/schemas/server-card.schema.json',
    title: 'MCP Server Card with an access policy of Sallyport',
    type: 'object',
    required: ['$schema', 'name', 'version', 'description', '_meta'],
    properties: {
      ...identityProperties,
      _meta: {
        type: 'object',
        required: [accessKey],
        description: 'Metadata by reverse-DNS name.',
        properties: { [accessKey]: accessSchema },
      },
      ...Object.fromEntries(generated.map((list) => [list, false])),
    },
    $defs: { ...identityDefinitions, ...accessDefinitions },
  });
}

/** Written from the policy when the card is published. */
const generated = ['tools', 'resources', 'prompts', 'scopes', 'transports'];
