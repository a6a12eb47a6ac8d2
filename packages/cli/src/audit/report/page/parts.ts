import { withCommas } from '../../../terminal/with-commas.ts';
import { html, type Markup } from './markup.ts';

export interface PageColumn {
  readonly title: string;
  /** Numbers stand on the right. */
  readonly number?: true;
}

export interface PageTable {
  /** Unique on the page. */
  readonly id: string;
  readonly caption: string;
  readonly columns: readonly PageColumn[];
  readonly rows: readonly (readonly Markup[])[];
  /** A last row, such as a total: as many cells as columns. */
  readonly total?: readonly Markup[];
  /** Instead of a table without rows. */
  readonly empty: string;
  /** What is not in the rows. */
  readonly note?: Markup | undefined;
}

/** A table with a caption, in a region of its own that can be scrolled with the keyboard where it is too wide. */
export function tableOf(table: PageTable): Markup {
  const { id, caption, columns, rows, total, empty, note } = table;
  if (rows.length === 0) return html`<p class="empty">${caption}: ${empty}</p>`;
  const cell = (content: Markup, index: number): Markup =>
    index === 0
      ? html`<th scope="row">${content}</th>`
      : columns[index]?.number === true
        ? html`<td class="number">${content}</td>`
        : html`<td>${content}</td>`;
  return html` <section class="scroll" aria-labelledby="${id}-caption" tabindex="0">
      <table id="${id}">
        <caption id="${id}-caption">
          ${caption}
        </caption>
        <thead>
          <tr>
            ${columns.map(({ title, number }) =>
              number === true
                ? html`<th scope="col" class="number">${title}</th>`
                : html`<th scope="col">${title}</th>`,
            )}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            (row) =>
              html`<tr>
                ${row.map(cell)}
              </tr> `,
          )}
        </tbody>
        ${
          total === undefined
            ? undefined
            : html` <tfoot>
                <tr>
                  ${total.map(cell)}
                </tr>
              </tfoot>`
        }
      </table>
    </section>
    ${note === undefined ? undefined : html` <p class="note">${note}</p>`}`;
}

/** What a table leaves out, in words; `undefined` when that is nothing. */
export function leftOut(
  { more, ungrouped }: { readonly more: number; readonly ungrouped: number },
  what: string,
): Markup | undefined {
  if (more === 0 && ungrouped === 0) return undefined;
  const rest = ungrouped === 0 ? '' : ` ${withCommas(ungrouped)} more have no row because there were too many.`;
  return html`and ${withCommas(more)} more ${what}.${rest} Totals count all of them.`;
}

export function count(value: number): Markup {
  return html`${withCommas(value)}`;
}

/** A time of RFC 3339 in UTC, readable. */
export function time(at: string): Markup {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/.test(at)) return at === '' ? html`–` : html`<bdi>${at}</bdi>`;
  return html`<time datetime="${at}">${at.slice(0, 10)} ${at.slice(11, 19)}</time>`;
}

/** A definition list of facts; those without a value are left out. */
export function factsOf(facts: readonly (readonly [name: string, value: Markup | undefined])[]): Markup {
  const known = facts.filter((fact): fact is readonly [string, Markup] => fact[1] !== undefined);
  return html`<dl class="facts">
    ${known.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div> `,
    )}
  </dl>`;
}
