import { Server } from '@modelcontextprotocol/server';
import type { JsonValue } from '@sallyport/core';
import { describe, expect, it } from 'vitest';
import { requireSafeParameterHeaders } from '../../src/builder/parameter-headers.ts';
import { listRegistered } from '../../src/index.ts';
import { setupErrorOf } from '../support/setup-error-of.ts';

const header = (name: unknown, type = 'string'): JsonValue => ({ type, 'x-mcp-header': name as JsonValue });
const schema = (properties: Record<string, JsonValue>, rest: Record<string, JsonValue> = {}): JsonValue => ({
  type: 'object',
  properties,
  ...rest,
});

async function problemOf(inputSchema: JsonValue): Promise<string> {
  const error = await setupErrorOf(Promise.resolve().then(() => requireSafeParameterHeaders('send', inputSchema)));
  expect(error.code).toBe('ERR_CARD_PARAMETER_HEADER');
  return error.problem;
}

describe('a parameter that is sent in a header', () => {
  it.each<[string, JsonValue, string]>([
    [
      'F-25 the name of a credential',
      schema({ a: header('Authorization') }),
      'parameter "a": x-mcp-header is "Authorization": a credential',
    ],
    ['the name of an API key', schema({ a: header('X-API-Key') }), 'a credential must not be a parameter'],
    [
      'F-25 a line break in its name',
      schema({ a: header('Region\r\nX: y') }),
      'is "Region\\u000d\\u000aX: y", which is not a header name',
    ],
    [
      'F-25 a name that another one has in other case',
      schema({ a: header('Region'), b: header('rEGION') }),
      'another parameter has "Region"',
    ],
    [
      'a name used twice in depth',
      schema({ a: header('Region'), b: schema({ c: header('region') }) }),
      'parameter "b.c"',
    ],
    ['an empty name', schema({ a: header('') }), 'is "", which is not a header name'],
    ['a name that is a number', schema({ a: header(1) }), 'is 1, which is not a header name'],
    ['a space in its name', schema({ a: header('a b') }), 'not a header name'],
    ['a number as its value', schema({ a: header('A', 'number') }), 'only for texts, integers and booleans'],
    ['a list as its value', schema({ a: header('A', 'array') }), 'only for texts, integers and booleans'],
    [
      'a place in a list',
      schema({ a: { type: 'array', items: header('A') } }),
      'where only a plain parameter can have it',
    ],
    ['a place in an alternative', schema({}, { anyOf: [schema({ a: header('A') })] }), 'where only a plain parameter'],
    ['a place in a definition', schema({}, { $defs: { a: header('A') } }), 'where only a plain parameter can have it'],
    ['the whole of the arguments', schema({}, { 'x-mcp-header': 'A' }), 'its schema: x-mcp-header stands where'],
  ])('must not have %s', async (_, inputSchema, problem) => {
    expect(await problemOf(inputSchema)).toContain(problem);
  });

  it.each<[string, JsonValue]>([
    [
      'a plain one',
      schema({ a: header('Region'), b: header('Tenant-Tier', 'integer'), c: header('Dry-Run', 'boolean') }),
    ],
    ['one of an inner object', schema({ a: schema({ b: header('Region') }) })],
    ['a parameter that is called like the keyword', schema({ 'x-mcp-header': { type: 'string' } })],
    [
      'an example that looks like one',
      schema({ a: { type: 'object', examples: [{ 'x-mcp-header': 'Authorization' }] } }),
    ],
    ['no schema', null],
  ])('may be %s', (_, inputSchema) => {
    expect(() => requireSafeParameterHeaders('send', inputSchema)).not.toThrow();
  });

  // @verifies CARD-PARAMETER-HEADER
  it('F-25 is checked when a server is listed, which a start does', async () => {
    const build = (): Server => {
      const server = new Server({ name: 'test', version: '1.0.0' }, { capabilities: { tools: {} } });
      const inputSchema = schema({ token: header('Authorization') });
      server.setRequestHandler(
        'tools/list',
        () => ({ tools: [{ name: 'send', inputSchema }] }) as unknown as { tools: [] },
      );
      return server;
    };
    const error = await setupErrorOf(listRegistered(build));
    expect(error.code).toBe('ERR_CARD_PARAMETER_HEADER');
    expect(error.message).toContain('tool "send", parameter "token"');
  });

  it('is looked for in schemas of 64 levels at most', async () => {
    let deep: JsonValue = header('Region');
    for (let level = 0; level < 5000; level += 1) deep = schema({ a: deep });
    expect(await problemOf(deep)).toBe('tool "send", its schema: is nested deeper than 64 levels');
  });
});
