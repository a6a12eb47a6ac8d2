import { describe, expect, it } from 'vitest';
import { readRequestTarget } from '../../src/network/request-target.ts';

describe('readRequestTarget', () => {
  it.each([
    ['/mcp', null, '/mcp'],
    ['/mcp?a=/b?c', null, '/mcp'],
    ['/', null, '/'],
    ['/?/mcp', null, '/'],
    ['//mcp', null, '//mcp'],
    ['/%6dcp', null, '/%6dcp'],
    ['/x/../mcp', null, '/x/../mcp'],
    ['/mcp;a=b', null, '/mcp;a=b'],
    ['/mcp#x', null, '/mcp#x'],
    ['http://host:80/mcp?x=1', 'host:80', '/mcp'],
    ['HTTPS://Host/mcp', 'Host', '/mcp'],
    ['http://user@host/mcp', 'user@host', '/mcp'],
    ['http://host', 'host', '/'],
    ['http:///mcp', '', '/mcp'],
    ['*', null, ''],
    ['host:443', null, ''],
    ['ftp://host/mcp', null, ''],
    ['', null, ''],
    ['mcp', null, ''],
  ])('reads %s without decoding it', (target, authority, path) => {
    expect(readRequestTarget(target)).toEqual({ authority, path });
  });

  it('keeps a query that follows the authority as part of it, so that it is no allowed host', () => {
    expect(readRequestTarget('http://host?/mcp').authority).toBe('host?');
  });
});
