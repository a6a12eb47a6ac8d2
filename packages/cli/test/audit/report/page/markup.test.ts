import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foreign, html } from '../../../../src/audit/report/page/markup.ts';

describe('html', () => {
  it('keeps its own markup and escapes every text that is put in', () => {
    const name = '<script>alert("1")</script>&\'';
    expect(html`<p title="${name}">${name}</p>`.text).toBe(
      '<p title="&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;">' +
        '&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;</p>',
    );
  });

  it('puts markup, lists of it and numbers in as they are, and nothing for what is not there', () => {
    const items = [html`<li>${1}</li>`, undefined, html`<li>${'&'}</li>`];
    expect(html`${items}`.text).toBe('<li>1</li><li>&amp;</li>');
  });

  it('shows what reorders, hides or controls text instead of doing it', () => {
    expect(html`${'abc\u202Efdp.exe\u0000\u200B\u2028\uD800'}`.text).toBe(
      String.raw`abc\u{202e}fdp.exe\u{0}\u{200b}\u{2028}\u{d800}`,
    );
  });

  it('never lets a text become an element or leave a quoted attribute', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(html`${text}`.text).not.toMatch(/[<>"']|&(?!(?:amp|lt|gt|quot|#39);)/);
      }),
    );
  });
});

describe('foreign', () => {
  it('stands apart from the text around it, and is not endless', () => {
    expect(foreign('alice').text).toBe('<bdi>alice</bdi>');
    expect(foreign('a'.repeat(10_000)).text).toBe(`<bdi>${'a'.repeat(200)}…</bdi>`);
    expect(foreign('').text).toBe('<span class="none">none</span>');
  });
});
