import { McpServer, ResourceTemplate } from '@modelcontextprotocol/server';
import { principalOf } from '@sallyport/express';
import { z } from 'zod';

const notes = new Map([['1', 'Buy bread.']]);
const noteId = z.object({ id: z.string() });
const note = z.object({ id: z.string(), text: z.string() });

/** The MCP server of one request: nothing in it knows about tokens, scopes or audit. */
export function buildServer(): McpServer {
  const server = new McpServer({ name: 'dev.sallyport/notes', version: '1.0.0' });
  server.registerTool('whoami', { description: 'Says who is calling' }, (ctx) =>
    text(principalOf(ctx)?.subject ?? 'nobody'),
  );
  server.registerTool('read-note', { description: 'Returns a note', inputSchema: noteId }, ({ id }) =>
    text(notes.get(id) ?? 'There is no such note.'),
  );
  server.registerTool('write-note', { description: 'Stores a note', inputSchema: note }, (given) => {
    notes.set(given.id, given.text);
    return text(`Stored note ${given.id}.`);
  });
  server.registerTool('purge-notes', { description: 'Deletes every note' }, () => {
    notes.clear();
    return text('All notes are gone.');
  });
  server.registerResource('note', new ResourceTemplate('note:///{id}', { list: undefined }), {}, (uri, { id }) => ({
    contents: [{ uri: uri.href, text: notes.get(String(id)) ?? 'There is no such note.' }],
  }));
  return server;
}

function text(content: string): { content: { type: 'text'; text: string }[] } {
  return { content: [{ type: 'text', text: content }] };
}
