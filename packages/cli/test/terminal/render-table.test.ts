import { describe, expect, it } from 'vitest';
import { displayWidth } from '../../src/terminal/display-width.ts';
import { renderTable } from '../../src/terminal/render-table.ts';
import { createStyle } from '../../src/terminal/style.ts';

const plain = createStyle({}, {});
const columns = [{ title: 'WHO', minWidth: 4 }, { title: 'WHAT', minWidth: 6 }, { title: 'CALL' }];

describe('renderTable', () => {
  it('aligns columns by what they show, without trailing blanks, and shows nothing as a dash', () => {
    const rows = [
      ['alice', 'read-note', '4f9c'],
      ['北京', '', '9c74'],
    ];
    expect(renderTable(columns, rows, { style: plain })).toBe(
      ['WHO    WHAT       CALL', 'alice  read-note  4f9c', '北京   -          9c74'].join('\n'),
    );
  });

  it('never cuts for a pipe', () => {
    const long = 'x'.repeat(500);
    expect(renderTable(columns, [['a', long, 'b']], { style: plain })).toContain(long);
  });

  it.each([20, 24, 30])(
    'cuts the widest columns first to fit %i columns, and leaves those that have no minimum',
    (width) => {
      const table = renderTable(columns, [['a-long-subject', 'a-much-longer-tool-name', '4f9c']], {
        style: plain,
        width,
      });
      for (const line of table.split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(width);
      expect(table).toContain('…');
      expect(table).toMatch(/4f9c$/);
    },
  );

  it('stops at the minimum of its columns when the terminal is narrower still', () => {
    const table = renderTable(columns, [['a-long-subject', 'a-much-longer-tool-name', '4f9c']], {
      style: plain,
      width: 3,
    });
    expect(table).toBe(['WHO   WHAT    CALL', 'a-l…  a-muc…  4f9c'].join('\n'));
  });

  it('keeps one line for each row whatever a cell holds', () => {
    const table = renderTable(columns, [['a\nb', '\u001B[2J', '\u202E']], { style: plain });
    expect(table.split('\n')).toHaveLength(2);
    expect(table).toContain('a\\u{a}b  \\u{1b}[2J  \\u{202e}');
  });

  it('colours the text of a cell and not the blanks after it', () => {
    const colour = createStyle({ isTTY: true }, {});
    const cell = { text: 'deny', tone: 'warn' } as const;
    expect(renderTable(columns, [[cell, 'x', 'y']], { style: colour, bare: true })).toBe(
      '\u001B[33mdeny\u001B[39m  x  y',
    );
    expect(
      renderTable(
        columns,
        [
          ['allowed', 'x', 'y'],
          [cell, 'x', 'y'],
        ],
        { style: colour, bare: true },
      ),
    ).toContain('\u001B[33mdeny\u001B[39m     x');
  });
});
