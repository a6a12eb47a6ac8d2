import { describe, expect, it } from 'vitest';
import { createDiscoveryFetch } from '../../src/try/discovery-fetch.ts';
import { publishedRule } from '../../src/try/published-rule.ts';
import { closedOrigin, localServer } from '../support/local-server.ts';

const card = (tools: unknown): unknown => ({ _meta: { 'dev.sallyport/access': { tools } } });

async function look(content: unknown, tool: string, path = '/mcp') {
  const origin = await localServer((req, res) => {
    if (req.url === `${path === '/' ? '' : path}/server-card`)
      res.end(typeof content === 'string' ? content : JSON.stringify(content));
    else res.writeHead(404).end('{}');
  });
  return publishedRule(new URL(path, origin), tool, createDiscoveryFetch());
}

describe('publishedRule', () => {
  it('finds the rule and the scopes of a tool', async () => {
    const tools = { 'read-note': { scopes: ['notes:read'] } };
    expect(await look(card(tools), 'read-note')).toEqual({ rule: 'tools.read-note', scopes: ['notes:read'] });
    expect(await look(card(tools), 'read-note', '/')).toEqual({ rule: 'tools.read-note', scopes: ['notes:read'] });
  });

  it('takes the first of alternatives, besides what is needed anyway', async () => {
    const tools = { t: { scopes: ['a'], anyOf: [['b', 'a'], ['c']] } };
    expect(await look(card(tools), 't')).toEqual({ rule: 'tools.t', scopes: ['a', 'b'] });
  });

  it('takes no scope that is none, and no inherited name for a tool', async () => {
    const tools = { t: { scopes: ['a b', 7, 'c"', 'd'], anyOf: 'x' } };
    expect(await look(card(tools), 't')).toEqual({ rule: 'tools.t', scopes: ['d'] });
    expect(await look(card(tools), 'constructor')).toBeUndefined();
  });

  it.each([
    ['a card without policy', { name: 'x' }],
    ['a tool that is not listed', card({})],
    ['a card that is no JSON', '<h1>'],
    ['a card that is too long', `"${'x'.repeat(1024 * 1024)}"`],
  ])('knows nothing of %s', async (_name, content) => {
    expect(await look(content, 't')).toBeUndefined();
  });

  it('follows no redirect, and takes a server that is not there for one without a card', async () => {
    let followed = false;
    const origin = await localServer((req, res) => {
      if (req.url === '/other') followed = true;
      res.writeHead(302, { location: '/other' }).end();
    });
    expect(await publishedRule(new URL('/mcp', origin), 't', createDiscoveryFetch())).toBeUndefined();
    expect(followed).toBe(false);
    expect(await publishedRule(new URL('/mcp', await closedOrigin()), 't', createDiscoveryFetch())).toBeUndefined();
  });
});
