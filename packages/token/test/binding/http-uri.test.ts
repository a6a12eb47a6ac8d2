import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readHttpUri } from '../../src/binding/http-uri.ts';

const normalized = (text: string): string | undefined => readHttpUri(text)?.normalized;

describe('readHttpUri', () => {
  const same: readonly [string, string[]][] = [
    [
      'https://mcp.example.com/mcp',
      [
        'HTTPS://mcp.example.com/mcp',
        'https://MCP.Example.COM/mcp',
        'https://mcp.example.com:443/mcp',
        'https://mcp.example.com:/mcp',
        'https://mcp.example.com/%6Dcp',
        'https://mcp.example.com/%6dcp',
        'https://mcp.example.com/./mcp',
        'https://mcp.example.com/a/../mcp',
        'https://mcp.example.com/../mcp',
        'https://mcp.example.com/a/%2E%2e/mcp',
        'https://mcp%2Eexample.com/mcp',
        'https://%4DCP.example.com/mcp',
      ],
    ],
    ['http://127.0.0.1:8080/~a', ['http://127.0.0.1:8080/%7Ea', 'http://127.0.0.1:8080/%7ea']],
    ['https://h/a%2Fb', ['https://h/a%2fb']],
    ['https://h%C3%BC/a%C3%BC', ['https://h%c3%bc/a%c3%bc', 'https://H%c3%BC/a%c3%BC']],
    ['https://h/', ['https://h', 'https://h:443', 'https://h/.', 'https://h/..', 'https://h/a/..']],
    ['https://h/a/', ['https://h/a/.', 'https://h/a/b/..', 'https://h/./a/']],
    ['https://[::1]:8443/x', ['https://[::1]:8443/x', 'HTTPS://[::1]:8443/./x']],
  ];
  for (const [uri, spellings] of same) {
    it(`takes every spelling of ${uri} for the same (E-14, RFC 3986 §6.2.2, §6.2.3)`, () => {
      for (const spelling of [uri, ...spellings]) expect(normalized(spelling), spelling).toBe(uri);
    });
  }

  it('takes other URIs for others (E-13)', () => {
    const uris = [
      'https://h/mcp',
      'http://h/mcp',
      'https://h:8443/mcp',
      'https://h:80/mcp',
      'https://h/mcp/',
      'https://h/mcp/x',
      'https://h/MCP',
      'https://h//mcp',
      'https://h/mcp//',
      'https://h/mc',
      'https://h.example/mcp',
      'https://h./mcp',
      'https://h/a%2Fmcp',
      'https://h/mcp;a=b',
      'https://h/',
      'https://127.0.0.1/mcp',
      'https://2130706433/mcp',
    ];
    expect(new Set(uris.map(normalized)).size).toBe(uris.length);
    expect(uris.map(normalized)).not.toContain(undefined);
  });

  it('leaves query and fragment out and says that they were there (E-15)', () => {
    for (const more of ['?', '?a=b', '#', '#x', '?a#b', '#a?b'])
      expect(readHttpUri(`https://h/mcp${more}`)).toEqual({ normalized: 'https://h/mcp', hasMore: true });
    expect(readHttpUri('https://h?a')).toEqual({ normalized: 'https://h/', hasMore: true });
    expect(readHttpUri('https://h/mcp')).toEqual({ normalized: 'https://h/mcp', hasMore: false });
  });

  it('repairs nothing: what is no absolute http URI has no normal form (E-13)', () => {
    const broken = [
      ...['', '/mcp', 'mcp', 'h/mcp', '//h/mcp', 'https:', 'https:/h/mcp', 'https:h/mcp', 'https://', 'https:///mcp'],
      ...['ftp://h/mcp', 'wss://h/mcp', 'urn:h', 'https//h/mcp', ' https://h/mcp', 'https://h/mcp ', 'https://h/m\ncp'],
      ...[
        'https://h\\mcp',
        'https:\\\\h\\mcp',
        'https://u@h/mcp',
        'https://u:p@h/mcp',
        'https://h@e/mcp',
        'https://h%/mcp',
      ],
      ...['https://h/%', 'https://h/%4', 'https://h/%zz', 'https://h/ü', 'https://h/"', 'https://h/<>', 'https://h/{}'],
      ...[
        'https://h:x/mcp',
        'https://h:-1/mcp',
        'https://h:1:2/mcp',
        'https://[::1/mcp',
        'https://::1/mcp',
        'https://[]/mcp',
      ],
      ...['https://h/\u0000', 'https://h/mcp\t', 'https://h/^', 'https://h/`', 'https://h/|'],
    ];
    for (const text of broken) expect(readHttpUri(text), text).toBeUndefined();
  });

  it('gives a form that is its own normal form, of the same scheme, with nothing in it but host, port and path', () => {
    const char = fc.constantFrom(...'abAB019.-_~%2eE/:?#@[]!$&()*+,;='.split(''));
    const rest = fc.string({ unit: char, maxLength: 20 });
    fc.assert(
      fc.property(fc.constantFrom('http://', 'https://', 'HTTP://'), rest, (scheme, text) => {
        const uri = normalized(scheme + text);
        if (uri === undefined) return;
        expect(normalized(uri)).toBe(uri);
        if (!URL.canParse(uri)) return;
        const url = new URL(uri);
        expect([url.username, url.password, url.search, url.hash]).toEqual(['', '', '', '']);
        expect(url.protocol).toBe(`${scheme.slice(0, -3).toLowerCase()}:`);
      }),
      { numRuns: 2_000 },
    );
  });

  it('reads hostile texts in one pass (I-09)', () => {
    for (const part of ['/../', '%41', '/./', ':', '@', '?#', '[', '%'])
      expect(() => readHttpUri(`https://h${part.repeat(50_000)}`)).not.toThrow();
  });
});
