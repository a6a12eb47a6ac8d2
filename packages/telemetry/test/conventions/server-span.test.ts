import { describe, expect, it } from 'vitest';
import { breaches, serverSpan, source, type SeenSpan, type SpanFacts } from '../support/server-span.ts';

const facts: SpanFacts = {
  method: 'tools/call',
  kind: 'request',
  target: 'echo',
  failed: true,
  answeredCode: true,
};

const right: SeenSpan = {
  name: 'tools/call echo',
  kind: 1,
  status: { code: 2 },
  attributes: {
    'mcp.method.name': 'tools/call',
    'error.type': '403',
    'rpc.response.status_code': '403',
    'gen_ai.tool.name': 'echo',
    'gen_ai.operation.name': 'execute_tool',
    'jsonrpc.request.id': '1',
    'client.address': '192.0.2.7',
    'client.port': 1,
    'network.protocol.name': 'http',
    'network.protocol.version': '1.1',
    'network.transport': 'tcp',
    'sallyport.reason': 'insufficient_scope',
  },
};

describe('the table of the server span', () => {
  it('names its sources and has every attribute once', () => {
    expect(source.released.version).toBe('v1.41.1');
    expect(new Set(serverSpan.map(({ name }) => name)).size).toBe(serverSpan.length);
    expect(serverSpan).toHaveLength(18);
  });

  it('finds nothing wrong with a span that is right', () => {
    expect(breaches(right, facts)).toEqual([]);
  });

  it.each<[string, Partial<SeenSpan>, string]>([
    ['another name', { name: 'echo' }, 'the name is echo and not tools/call echo'],
    ['another kind', { kind: 0 }, 'the kind is not SERVER'],
    ['another status', { status: { code: 0 } }, 'the status is 0'],
    ['an attribute too few', { attributes: without('error.type') }, 'error.type is missing'],
    [
      'a session id',
      { attributes: { ...right.attributes, 'mcp.session.id': 'x' } },
      'mcp.session.id must not be there',
    ],
    ['a wrong type', { attributes: { ...right.attributes, 'client.port': '1' } }, 'client.port is no int'],
    ['a stranger', { attributes: { ...right.attributes, 'user.id': '1' } }, 'user.id is not an attribute of this span'],
  ])('finds %s', (_what, change, expected) => {
    expect(breaches({ ...right, ...change }, facts)).toEqual([expected]);
  });
});

function without(name: string): SeenSpan['attributes'] {
  return Object.fromEntries(Object.entries(right.attributes).filter(([key]) => key !== name));
}
