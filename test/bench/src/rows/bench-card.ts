import { otherScope, resource, toolScope } from '../server/call.ts';

/** The server card of a number of tools with the same scope, but for every tenth, which the bench can not see. */
export function benchCard(tools: number): object {
  const declared = Array.from({ length: tools }, (_, index) => [
    `tool-${index + 1}`,
    { scopes: [index % 10 === 9 ? otherScope : toolScope] },
  ]);
  return {
    $schema: 'https://static.modelcontextprotocol.io/schemas/v1/server-card.schema.json',
    name: 'dev.sallyport/bench',
    version: '1.0.0',
    description: 'Tools that answer with their names.',
    remotes: [{ type: 'streamable-http', url: resource }],
    _meta: {
      'dev.sallyport/access': {
        scopes: { [toolScope]: { description: 'Call the tools' }, [otherScope]: {} },
        tools: Object.fromEntries(declared) as object,
      },
    },
  };
}
