import { expect, it } from 'vitest';
import { inspectCard } from '../../src/index.ts';
import { accessKey } from '../../src/card/card.ts';

const identity = {
  $schema: 'https://static.modelcontextprotocol.io/schemas/v1/server-card.schema.json',
  name: 'com.example/notes',
  version: '1.0.0',
  description: 'Notes.',
  _meta: { [accessKey]: {} },
};

it.each<[string, unknown, string[]]>([
  ['is fine', { port: {} }, []],
  ['is no object', { port: 1 }, ['/remotes/0/variables/port must be an object, not 1']],
  ['is called __proto__', JSON.parse('{"__proto__":1}'), ['/remotes/0/variables/__proto__ must be an object, not 1']],
  ['has a wrong member', { port: { format: 'x' } }, ['/remotes/0/variables/port/format']],
  ['stands in a list', [], ['/remotes/0/variables must be an object']],
])('checks a variable that %s', async (_, variables, expected) => {
  const remotes = [{ type: 'sse', url: 'https://mcp.example.com/sse', variables }];
  const { mistakes } = await inspectCard({ ...identity, remotes });
  const told = mistakes.map(({ pointer, problem }) => `${pointer} ${problem}`);
  expect(told.map((line, index) => line.slice(0, expected[index]?.length))).toEqual(expected);
});
