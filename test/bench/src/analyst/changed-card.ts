import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { millionScopes, millionTools } from '../million/million-tools.ts';

/** The policy of the large log with some rules changed: one stricter, one looser, one with a condition that hashes answer and one that they do not. */
export function writeChangedCard(folder: string): string {
  const tools = Object.fromEntries(millionTools.map(({ name, scope }) => [name, { scopes: [scope] }]));
  const changed = {
    ...tools,
    db_delete: { scopes: ['db:admin'] },
    notes_delete: { scopes: [] },
    files_get: { scopes: ['files:use'], when: "has(args.id) && principal.tenant == 'acme'" },
    mail_create: { scopes: ['mail:use'], when: 'args.limit <= 50' },
  };
  const scopes = Object.fromEntries([...millionScopes, 'db:admin'].map((scope) => [scope, {}]));
  const card = {
    $schema: 'https://static.modelcontextprotocol.io/schemas/v1/server-card.schema.json',
    name: 'com.example/million',
    version: '1.0.0',
    description: 'A large log.',
    _meta: { 'dev.sallyport/access': { scopes, tools: changed } },
  };
  const file = join(folder, 'changed-card.json');
  writeFileSync(file, JSON.stringify(card));
  return file;
}
