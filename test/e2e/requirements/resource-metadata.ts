import type { Requirement } from './requirement.ts';

/** RFC 9728: the metadata of a protected resource. */
export const resourceMetadataRequirements = {
  'TOKEN-9728-IDENTIFIER': {
    text: 'A resource identifier with a fragment, or with http on a host that is not loopback, is refused at start.',
    source: 'RFC 9728 §1.2; RFC 8707 §2 (MUST NOT)',
  },
  'TOKEN-9728-LOCATION': {
    text: 'The metadata is at the well-known part put between host and path of the resource, whose terminating slash is dropped.',
    source: 'RFC 9728 §3, §3.1 (MUST)',
  },
  'TOKEN-9728-RESPONSE': {
    text: 'The metadata is answered to GET with 200 and a JSON object of the type application/json, without a token.',
    source: 'RFC 9728 §3.1, §3.2 (MUST)',
  },
  'TOKEN-9728-NO-EMPTY': {
    text: 'A parameter without values is left out of the metadata.',
    source: 'RFC 9728 §3.2 (MUST)',
  },
  'TOKEN-9728-RESOURCE': {
    text: 'resource in the metadata is the configured identifier, whatever host the request names.',
    source: 'RFC 9728 §2 (REQUIRED), §3.3 (MUST)',
  },
  'TOKEN-9728-CHALLENGE': {
    text: 'Every challenge has the URL of the metadata in resource_metadata.',
    source: 'RFC 9728 §5.1; MCP authorization 2026-07-28, protected resource metadata discovery (MUST)',
  },
  'TOKEN-9728-CACHING': {
    text: 'The metadata says for how long it may be cached, and is answered with 304 when it did not change.',
    source: 'RFC 9728 §7.10; RFC 9111',
  },
  'TOKEN-8414-LOCATION': {
    text: 'The metadata of an issuer is looked for at its RFC 8414 and OpenID Connect locations, in this order.',
    source: 'RFC 8414 §3.1, §5; OpenID Connect Discovery 1.0 §4',
  },
  'TOKEN-8414-ISSUER': {
    text: 'Metadata whose issuer is not exactly the configured one is not used.',
    source: 'RFC 8414 §3.3 (MUST); OpenID Connect Discovery 1.0 §4.3 (MUST)',
  },
  'TOKEN-8414-HTTPS': {
    text: 'Metadata and keys are fetched over https with verified certificates only, save from loopback where that is switched on.',
    source: 'RFC 8414 §2, §6.1 (MUST); MCP authorization 2026-07-28, communication security (MUST)',
  },
} as const satisfies Readonly<Record<string, Requirement>>;
