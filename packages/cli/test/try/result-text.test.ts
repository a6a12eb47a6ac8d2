import { describe, expect, it } from 'vitest';
import { resultText } from '../../src/try/result-text.ts';

describe('resultText', () => {
  it('shows texts as they are and describes the rest', () => {
    const text = resultText({
      content: [
        { type: 'text', text: 'one\ntwo' },
        { type: 'image', mimeType: 'image/png', data: 'AAAA' },
        { type: 'resource_link', uri: 'note:///1', name: 'n' },
        { type: 'resource', resource: { uri: 'note:///2', text: 'inside' } },
        { type: 'resource', resource: { uri: 'note:///3', blob: 'AA==' } },
      ],
    });
    expect(text).toBe(
      'one\ntwo\n[image image/png, 3 bytes]\n[resource note:///1]\ninside\n[resource note:///3, binary]',
    );
  });

  it('shows structured content where there is no other', () => {
    expect(resultText({ content: [], structuredContent: { sum: 3 } })).toBe('{"sum":3}');
    expect(resultText({ content: [] })).toBe('');
  });

  it('lets no answer act on the terminal', () => {
    const text = resultText({ content: [{ type: 'text', text: '\u001B]52;c;cm0gLXJm\u0007\u202Ex' }] });
    expect(text).toBe('\\u{1b}]52;c;cm0gLXJm\\u{7}\\u{202e}x');
  });
});
