import type { Requirement } from './requirement.ts';

/** Documents that anybody reads before they connect, and how this suite reads those of others. */
export const discoveryRequirements = {
  'DISCOVERY-METHODS': {
    text: 'A discovery document is read with GET and HEAD; OPTIONS is answered, other methods get 405 with Allow.',
    source: 'Discovery; RFC 9110 §9.1, §15.5.6',
  },
  'DISCOVERY-NEGOTIATION': {
    text: 'The card and the catalogs are sent as the media type that Accept wants, by its weights, with Vary; 406 when nothing fits.',
    source: 'Discovery; RFC 9110 §12.5.1, §15.5.7; SEP-2127, hosted server card location',
  },
  'DISCOVERY-NOT-MODIFIED': {
    text: '304 carries the validator, caching, Vary and CORS fields that 200 would, and nothing about a body.',
    source: 'RFC 9110 §15.4.5',
  },
  'DISCOVERY-CORS': {
    text: 'Every answer is open to every origin, without credentials, and lets scripts read ETag, Link and Retry-After.',
    source: 'Discovery; Fetch standard; SEP-2127, CORS requirements (MUST)',
  },
  'DISCOVERY-LINK': {
    text: 'HEAD and GET of the api-catalog have a Link field with the relations api-catalog and item.',
    source: 'RFC 9727 §2, §3 (MUST)',
  },
  'DISCOVERY-LIMIT': {
    text: 'Discovery counts towards the limit of an address: beyond it 429 with Retry-After and one record.',
    source: 'Discovery; SEP-2127, denial of service (SHOULD); RFC 6585 §4',
  },
  'DISCOVERY-SAME-BYTES': {
    text: 'Every process with the same configuration serves the same bytes and validators, before and after a restart.',
    source: 'Discovery; RFC 9110 §8.8.1',
  },
  'DISCOVERY-HOST': {
    text: 'Nothing of a request is in a discovery document: not its Host, not a forwarded header, not its query.',
    source: 'Discovery; RFC 9728 §3.3',
  },
  'DISCOVERY-SCHEMA': {
    text: 'The published card is valid against the schema of SEP-2127 in both modes.',
    source: 'SEP-2127 v1 schema',
  },
  'DISCOVERY-NO-SNIFFING': {
    text: 'A discovery document is never taken for anything but its media type.',
    source: 'Fetch standard, X-Content-Type-Options',
  },
  'FETCH-FINDS': {
    text: 'The card of a server is found by its domain over the AI Catalog, by its endpoint, and by its URL.',
    source: 'SEP-2127, client discovery flow',
  },
  'FETCH-COMPARES': {
    text: 'What a card claims is compared with what the server says over MCP.',
    source: 'SEP-2127, consistency with runtime behavior (SHOULD)',
  },
  'FETCH-REVALIDATES': {
    text: 'A card that is known is asked for again by its ETag, and not loaded again.',
    source: 'SEP-2127, caching (SHOULD); RFC 9110 §13.1.2',
  },
} as const satisfies Readonly<Record<string, Requirement>>;
