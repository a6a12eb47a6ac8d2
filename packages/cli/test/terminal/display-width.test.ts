import { describe, expect, it } from 'vitest';
import { displayWidth, fitWidth } from '../../src/terminal/display-width.ts';

describe('displayWidth', () => {
  it.each([
    ['plain', 5],
    ['Zoë', 3],
    ['e\u0301', 1],
    ['北京', 4],
    ['한글', 4],
    ['🚀', 2],
    ['ｆｕｌｌ', 8],
    ['', 0],
  ])('of %s is %i', (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });
});

describe('fitWidth', () => {
  it('leaves what fits and marks what it cut', () => {
    expect(fitWidth('read-note', 9)).toBe('read-note');
    expect(fitWidth('read-note', 5)).toBe('read…');
  });

  it('never cuts a wide character in two', () => {
    expect(fitWidth('北京北京', 4)).toBe('北…');
    expect(fitWidth('🚀🚀', 3)).toBe('🚀…');
  });
});
