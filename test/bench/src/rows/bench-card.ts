import { resource, toolScope } from '../server/call.ts';

/** The server card of a number of tools, each with the same scope. */
export function benchCard(tools: number): object {
  const declared = Array.from({ length: tools }, (_, index) => [`tool-${index + 1}`, { scopes: [toolScope] }]);
  return {
    $schema: 'https://static.modelcontextprotocol.io/schemas/v1/server-card.schema.json',
    name: 'dev.sallyport/bench',
    version: '1.0.0',
    description: 'Tools that answer with their names.',
    remotes: [{ type: 'streamable-http', url: resource }],
    _meta: {
      'dev.sallyport/access': {
        scopes: { [toolScope]: { description: 'Call the tools' } },
        tools: Object.fromEntries(declared) as object,
      },
    },
  };
}
