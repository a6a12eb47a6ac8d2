import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { negotiate } from '../../src/discovery/negotiate.ts';

const card = 'application/mcp-server-card+json';
const json = 'application/json';
const offered = [card, json];

describe('negotiate', () => {
  it.each<readonly [accept: string | undefined, media: string | undefined]>([
    [undefined, card],
    ['', card],
    ['*/*', card],
    ['application/*', card],
    [card, card],
    [json, json],
    ['Application/JSON', json],
    ['application/json; charset=utf-8', json],
    ['application/json, */*', json],
    ['*/*, application/json;q=0.5', card],
    ['application/json, application/mcp-server-card+json', card],
    ['application/json;q=0.9, application/mcp-server-card+json;q=0.8', json],
    ['application/mcp-server-card+json;q=0, */*', json],
    ['application/json;q=0, application/*;q=0.1', card],
    ['text/html, application/xhtml+xml, */*;q=0.8', card],
    ['application/json;Q=1.000', json],
    ['text/html', undefined],
    ['application/xml, text/*', undefined],
    ['*/*;q=0', undefined],
    ['application/json;q=0.000', undefined],
  ])('of a card and JSON, Accept: %s gets %s', (accept, media) => {
    expect(negotiate(accept, offered)).toBe(media);
  });

  it.each(['json', '*/json', 'application/json;q=2', 'application/json;q=-1', 'a/b/c', ',,,', 'é/é'])(
    'asks for nothing in particular with %s, which is no media range',
    (accept) => {
      expect(negotiate(accept, offered)).toBe(card);
    },
  );

  it('reads 64 ranges and no more', () => {
    const html = Array.from({ length: 64 }, () => 'text/html').join(',');
    expect(negotiate(`${html},${json}`, offered)).toBeUndefined();
  });

  it('does not read a field of more than 1,024 characters', () => {
    const padded = (length: number): string => `text/html;${'a'.repeat(length)}`.slice(0, length);
    expect(negotiate(padded(1_024), offered)).toBeUndefined();
    expect(negotiate(padded(1_025), offered)).toBe(card);
    expect(negotiate(`text/html${';q'.repeat(8_000)}`, offered)).toBe(card);
  });

  it('gives one of the offered types or none, whatever a client sends', () => {
    const parts = fc.constantFrom('*', '/', 'application', 'json', ';', 'q=', '0', '1', '.', ',', ' ', '"', card, json);
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 40 }), (accept) => {
        expect([...offered, undefined]).toContain(negotiate(accept.join(''), offered));
      }),
    );
  });
});
