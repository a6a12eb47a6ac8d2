import { describe, expect, it } from 'vitest';
import {
  printable,
  printableCell,
  printableJson,
  printableJsonLines,
  printableLines,
} from '../../src/terminal/printable.ts';

describe('printable', () => {
  it.each([
    ['an escape sequence', '\u001B[31mred\u001B[0m', '\\u{1b}[31mred\\u{1b}[0m'],
    ['a line break', 'one\r\ntwo', 'one\\u{d}\\u{a}two'],
    ['a C1 control sequence introducer', 'a\u009B2Jb', 'a\\u{9b}2Jb'],
    ['a right-to-left override', 'invoice\u202Efdp.exe', 'invoice\\u{202e}fdp.exe'],
    ['isolates and marks', '\u2066a\u2069\u200F\u061C', '\\u{2066}a\\u{2069}\\u{200f}\\u{61c}'],
    ['zero width characters and tags', 'a\u200Bb\uFEFF\u{E0041}', 'a\\u{200b}b\\u{feff}\\u{e0041}'],
    ['line and paragraph separators', 'a\u2028b\u2029', 'a\\u{2028}b\\u{2029}'],
    ['a lone surrogate', 'a\uD800b', 'a\\u{d800}b'],
    ['a tab and a delete', '\t\u007F', '\\u{9}\\u{7f}'],
  ])('escapes %s', (_name, text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  it('leaves letters of every script, marks and emoji as they are', () => {
    const text = 'Zoë Ørsted 北京 Ελλάδα עברית नमस्ते 🚀';
    expect(printable(text)).toBe(text);
  });
});

describe('printableLines', () => {
  it('keeps line feeds and tabs and nothing else', () => {
    expect(printableLines('a\tb\r\nc\rd\u001B]0;title\u0007')).toBe('a\tb\nc\\u{d}d\\u{1b}]0;title\\u{7}');
  });
});

describe('printableCell', () => {
  it('keeps line ends and tabs and nothing else', () => {
    expect(printableCell('a\tb\r\nc\rd\u001B]0;title\u0007\n')).toBe('a\tb\r\nc\\u{d}d\\u{1b}]0;title\\u{7}\n');
  });
});

describe('printableJson', () => {
  it('writes JSON that holds nothing a terminal acts on and reads back as the same value', () => {
    const value = { name: 'a\u009B\u202E\u{E0041}\u2028', 'k\u0007': ['\uD800', 'é🚀'] };
    const json = printableJson(value);
    expect(json).toBe('{"name":"a\\u009b\\u202e\\udb40\\udc41\\u2028","k\\u0007":["\\ud800","é🚀"]}');
    expect(JSON.parse(json)).toEqual(value);
  });
});

describe('printableJsonLines', () => {
  it('escapes what a terminal would act on, keeps the lines, and reads back as the same value', () => {
    const value = { 'a\u202Eb': ['\u009B31m', '\u{E0001}', 'é'] };
    const text = printableJsonLines(JSON.stringify(value, undefined, 2));
    expect(text).not.toMatch(/(?!\n)[\p{C}\p{Zl}\p{Zp}]/u);
    expect(text.split('\n')).toHaveLength(7);
    expect(JSON.parse(text)).toEqual(value);
  });
});
