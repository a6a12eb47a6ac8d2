import { printable } from '../../../terminal/printable.ts';

/** Text of a page that is markup: made by `html` alone, which escapes everything that is put into it. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Content = Markup | string | number | undefined | readonly Content[];

const special: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
]);

/**
 * Markup of a template. Every text that is put in is escaped: for HTML, so that it can stand as content and in a quoted attribute and
 * never becomes an element; and as on a terminal, so that what reorders or hides text is seen as `\u{…}`.
 */
export function html(template: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  let text = template[0] ?? '';
  for (const [index, content] of contents.entries()) text += markupOf(content) + (template[index + 1] ?? '');
  return new Markup(text);
}

function markupOf(content: Content): string {
  if (content === undefined) return '';
  if (content instanceof Markup) return content.text;
  if (typeof content === 'number') return String(content);
  if (typeof content === 'string') return escaped(content);
  return content.map(markupOf).join('');
}

function escaped(text: string): string {
  return printable(text).replace(/[&<>"']/g, (character) => special.get(character) ?? '');
}

const maxName = 200;

/** What somebody else named: on its own, so that its script does not change the order of what stands around it, and not endless. */
export function foreign(text: string): Markup {
  if (text === '') return html`<span class="none">none</span>`;
  return html`<bdi>${text.length > maxName ? `${text.slice(0, maxName)}…` : text}</bdi>`;
}
