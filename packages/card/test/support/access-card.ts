import { accessKey, loadCard, type Card } from '../../src/index.ts';

/** The required members of a Server Card. */
export const identity = {
  $schema: 'https://static.modelcontextprotocol.io/schemas/v1/server-card.schema.json',
  name: 'com.example/notes',
  version: '1.0.0',
  description: 'Notes.',
};

/** A card document with this access policy. */
export function cardWith(access: unknown): Record<string, unknown> {
  return { ...identity, _meta: { [accessKey]: access } };
}

/** Loads a card with this access policy. */
export function accessCard(access: unknown): Promise<Card> {
  return loadCard(cardWith(access));
}

/** The policy of the rules: `read-note` needs `notes:read`, `write-note` `notes:write`, hidden `purge-notes` `notes:admin`. */
export const notesAccess = {
  scopes: {
    'notes:read': { description: 'Read notes' },
    'notes:write': { description: 'Change notes', implies: ['notes:read'] },
    'notes:admin': { implies: ['notes:write'] },
    'payments:write': {},
    'payments:large': {},
    'config:read': {},
  },
  tools: {
    whoami: { scopes: [] },
    'read-note': { scopes: ['notes:read'] },
    'write-note': { scopes: ['notes:write'] },
    'purge-notes': { scopes: ['notes:admin'], disclosure: 'hide' },
    transfer: {
      scopes: ['payments:write'],
      when: 'args.amount <= 1000',
      stepUp: ['payments:large'],
      sensitive: ['/pin'],
    },
  },
  resources: { 'note:///{id}': { scopes: ['notes:read'] }, 'config:///server': { scopes: ['config:read'] } },
  prompts: { summarize: { scopes: ['notes:read'] } },
};
