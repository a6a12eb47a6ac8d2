import type { AuditRecord } from '@sallyport/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvField, csvHeader, csvLine } from '../../../src/audit/export/csv.ts';
import { printableCell } from '../../../src/terminal/printable.ts';
import { auditRecord, denied, calls } from '../../support/audit-log.ts';

/** Reads RFC 4180, as a spreadsheet does. */
function parse(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let field = '';
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] as string;
    if (quoted) {
      if (char !== '"') field += char;
      else if (text[at + 1] === '"') field += text[(at += 1)] as string;
      else quoted = false;
    } else if (char === '"' && field === '') quoted = true;
    else if (char === ',') {
      row.push(field);
      field = '';
    } else if (char === '\r' && text[at + 1] === '\n') {
      rows.push([...row, field]);
      row = [];
      field = '';
      at += 1;
    } else field += char;
  }
  return rows;
}

describe('a field', () => {
  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\n=1+1', '\r\n=1', '=cmd|" /C calc"!A0', '\uff1d1+1'])(
    'that a spreadsheet would run is text: %j',
    (value) => {
      const [[field = ''] = []] = parse(`${csvField(value)}\r\n`);
      expect(field).toBe(`'${value}`);
    },
  );

  it('is quoted where RFC 4180 asks for it, and read back as it was', () => {
    expect(csvField('a"b')).toBe('"a""b"');
    expect(csvField('plain')).toBe('plain');
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 4 }), (values) => {
        const fields = parse(`${values.map(csvField).join(',')}\r\n`)[0] ?? [];
        expect(fields).toEqual(
          values
            .map(printableCell)
            .map((value) => (/^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/.test(value) ? `'${value}` : value)),
        );
        for (const field of fields) expect(field).not.toMatch(/^[=+\-@\t\r\n]/);
      }),
    );
  });
});

it('a field holds nothing that a terminal acts on, but line ends and tabs', () => {
  expect(csvField('a\u001b[2Jb\u009b2J\u202ec\u2028\rd\te')).toBe(
    '"a\\u{1b}[2Jb\\u{9b}2J\\u{202e}c\\u{2028}\\u{d}d\te"',
  );
  expect(csvField('one\r\ntwo\n')).toBe('"one\r\ntwo\n"');
});

it('a record is one row with as many fields as there are columns, whatever a caller wrote', () => {
  const evil = '=HYPERLINK("https://evil.example","x")\r\n"quoted",';
  const record = auditRecord({
    seq: 1,
    ...denied(calls.write, evil, evil),
    source: { ip: '192.0.2.7', userAgent: evil },
  }) as unknown as AuditRecord;
  const [header = [], row = [], ...more] = parse(csvHeader + csvLine(record));
  expect(more).toEqual([]);
  expect(row).toHaveLength(header.length);
  expect(row[header.indexOf('subject')]).toBe(`'${evil}`);
  expect(row[header.indexOf('missing_scopes')]).toBe('notes:write');
  expect(JSON.parse(row[header.indexOf('arguments')] ?? '')).toEqual({ id: 'hmac-sha256:k1:AAAA' });
});
