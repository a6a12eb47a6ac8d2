import { describe, expect, it } from 'vitest';
import { createStyle } from '../../src/terminal/style.ts';

const red = '\u001B[1m\u001B[31mno\u001B[39m\u001B[22m';

describe('createStyle', () => {
  it.each([
    ['a terminal', { isTTY: true }, {}, red],
    ['a pipe', { isTTY: false }, {}, 'no'],
    ['a file', {}, {}, 'no'],
    ['a terminal with NO_COLOR', { isTTY: true }, { NO_COLOR: '1' }, 'no'],
    ['a terminal with an empty NO_COLOR, which counts as not set', { isTTY: true }, { NO_COLOR: '' }, red],
    ['a dumb terminal', { isTTY: true }, { TERM: 'dumb' }, 'no'],
    ['a pipe with FORCE_COLOR', {}, { FORCE_COLOR: '1' }, red],
    ['a pipe with FORCE_COLOR=0', { isTTY: true }, { FORCE_COLOR: '0' }, 'no'],
    ['FORCE_COLOR against NO_COLOR, which wins', { isTTY: true }, { FORCE_COLOR: '1', NO_COLOR: '1' }, 'no'],
    ['NODE_DISABLE_COLORS', { isTTY: true }, { NODE_DISABLE_COLORS: '1' }, 'no'],
  ])('decides for %s', (_name, stream, env, shown) => {
    expect(createStyle(stream, env)('bad', 'no')).toBe(shown);
  });

  it('writes no escape codes around nothing', () => {
    expect(createStyle({ isTTY: true }, {})('good', '')).toBe('');
  });
});
