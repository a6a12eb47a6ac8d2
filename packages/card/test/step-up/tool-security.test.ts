import { describe, expect, it } from 'vitest';
import { loadCard, toolSecurity, type ToolSecurity } from '../../src/index.ts';

async function securityOf(rule: object): Promise<ToolSecurity | undefined> {
  const access = { scopes: { a: {}, b: {}, c: {}, d: {} }, tools: { tool: rule } };
  const card = await loadCard({
    $schema: 'https://static.modelcontextprotocol.io/schemas/v1/server-card.schema.json',
    name: 'com.example/notes',
    description: 'Notes',
    version: '1.0.0',
    _meta: { 'dev.sallyport/access': access },
  });
  return toolSecurity(card).get('tool');
}

const oauth = (...scopes: string[]): object => ({ type: 'oauth2', scopes });

describe('the security schemes of a tool', () => {
  it.each<[string, object, object[]]>([
    ['any token', { scopes: [] }, [oauth()]],
    ['all of its scopes', { scopes: ['a', 'b'] }, [oauth('a', 'b')]],
    ['one set for each alternative', { scopes: ['a'], anyOf: [['b'], ['c', 'a']] }, [oauth('a', 'b'), oauth('a', 'c')]],
    [
      'what a condition asks for, after what is always needed',
      { scopes: ['a'], when: 'args.n < 5', stepUp: ['d'] },
      [oauth('a'), oauth('a', 'd')],
    ],
  ])('are %s', async (_name, rule, schemes) => {
    expect((await securityOf(rule))?.schemes).toEqual(schemes);
  });

  it('are of a tool that may be told of, unless it is hidden', async () => {
    expect((await securityOf({ scopes: ['a'] }))?.disclosed).toBe(true);
    expect((await securityOf({ scopes: ['a'], disclosure: 'hide' }))?.disclosed).toBe(false);
  });
});
