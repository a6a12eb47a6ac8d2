import { McpServer, requireScopes } from '@modelcontextprotocol/server';
import { accessKey } from '@sallyport/card';

// #region declared
/** A server that says at each tool who may use it: `sallyport card build` takes it from here. */
export function buildServer(): McpServer {
  const server = new McpServer({ name: 'dev.sallyport/notes', version: '1.0.0' });
  server.registerTool(
    'read-note',
    { description: 'Returns a note', scopeChallenge: requireScopes('notes:read') },
    () => ({ content: [] }),
  );
  server.registerTool(
    'write-note',
    { description: 'Stores a note', _meta: { [accessKey]: { scopes: ['notes:write'], sensitive: ['/text'] } } },
    () => ({ content: [] }),
  );
  return server;
}
// #endregion declared
