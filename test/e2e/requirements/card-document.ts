import type { Requirement } from './requirement.ts';

/** What holds of a card before anything is decided by it. */
export const cardDocumentRequirements = {
  'CARD-UNDECIDED': {
    text: 'A rule without scopes, or with scopes that are null or a text, is a mistake: nothing is permitted by being left out.',
    source: 'RULES F-06',
  },
  'CARD-PARAMETER-HEADER': {
    text: 'A tool that asks for a parameter in a header with the name of a credential, no header name or a name used twice starts no server.',
    source: 'RULES F-25; MCP 2026-07-28, Schema Extension',
  },
  'CARD-PROTOTYPE': {
    text: 'A tool called __proto__ is a tool like any other, from JSON, YAML and code.',
    source: 'RULES F-37',
  },
  'CARD-SCOPE-TOKEN': {
    text: 'A scope that could not stand in a challenge is a mistake wherever the card names it.',
    source: 'RULES F-97; RFC 6749 §3.3',
  },
  'CARD-MISTAKES': {
    text: 'All mistakes of a card are told at once, each with line, column and JSON pointer, what was seen, and what to do.',
    source: 'Design, Server Card; What bad input gets',
  },
  'CARD-SECRETS': {
    text: 'A card that would publish a credential, in either mode, starts no server, and the credential is in no message.',
    source: 'Design, Server Card; nothing secret can be published',
  },
  'CARD-LOAD-TOTAL': {
    text: 'Whatever a card file holds, loading it resolves to a card or rejects with one readable line.',
    source: 'What good means, fail at start',
  },
  'CARD-BUILT-DENIES': {
    text: 'A card that is built from a server permits nothing that nobody declared: what is undecided stops a start.',
    source: 'Design, Server Card, built from a server',
  },
  'CARD-DRIFT': {
    text: 'Drift is told in both directions and for scopes, and names no hidden target and no scope of one.',
    source: 'Design, Server Card',
  },
} as const satisfies Readonly<Record<string, Requirement>>;
