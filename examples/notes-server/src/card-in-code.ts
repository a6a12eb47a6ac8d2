// #region card
import { defineCard } from '@sallyport/card';

/** For `card` of the configuration: `createSallyport({ resource, issuers, card }, { buildServer })`. */
export const card: ReturnType<typeof defineCard> = defineCard({
  name: 'dev.sallyport/notes',
  version: '1.0.0',
  description: 'Reads and writes short notes.',
  scopes: {
    'notes:read': { description: 'Read notes' },
    'notes:write': { description: 'Change notes', implies: ['notes:read'] },
    'notes:admin': { description: 'Delete every note', implies: ['notes:write'] },
  },
  tools: {
    whoami: { scopes: [] },
    'read-note': { scopes: ['notes:read'] },
    'write-note': { scopes: ['notes:write'], sensitive: ['/text'] },
    'purge-notes': { scopes: ['notes:admin'], disclosure: 'hide' },
  },
  resources: { 'note:///{id}': { scopes: ['notes:read'] } },
});
// #endregion card
