import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { reasons } from '@sallyport/core';
import { describe, expect, test } from 'vitest';

import { checkErrorCatalogue } from '../../src/errors/check-error-catalogue.ts';
import { refusalCodes, setupCodes } from '../../src/errors/error-codes.ts';
import { makeRepository } from '../support/repository.ts';

const prose = ['**Meaning.** This is what it means.', '', '**Next step.** This is what to do now.', ''];
const codes = [
  { code: 'ERR_A_ONE', facts: ['Answer: 1.'] },
  { code: 'ERR_B_TWO', facts: ['Answer: 2.', 'Message: two.'] },
];
const one = ['### `ERR_A_ONE`', '', '- Answer: 1.', '', ...prose];
const two = ['### `ERR_B_TWO`', '', '- Answer: 2.', '- Message: two.', '', ...prose];

function check(lines: readonly string[], options = {}) {
  const root = makeRepository({ 'docs/errors.md': lines.join('\n') });
  const { problems } = checkErrorCatalogue(root, { codes, ...options });
  return { problems, text: readFileSync(join(root, 'docs/errors.md'), 'utf8') };
}

describe('checkErrorCatalogue', () => {
  test('passes a catalogue with a true section for every code', () => {
    expect(check(['# Errors', '', ...one, '## More', '', ...two]).problems).toEqual([]);
  });

  test('finds a code without a section', () => {
    expect(check(one).problems).toEqual(['docs/errors.md: ERR_B_TWO has no section']);
  });

  test('finds a section without a code', () => {
    const gone = ['### `ERR_C_GONE`', '', '- Answer: 3.', '', ...prose];
    expect(check([...one, ...two, ...gone]).problems).toEqual([
      'docs/errors.md: ERR_C_GONE is in no table of the code',
    ]);
  });

  test('finds a second section of a code', () => {
    expect(check([...one, ...two, ...one]).problems).toEqual(['docs/errors.md: ERR_A_ONE has two sections']);
  });

  test('finds a heading that is no code', () => {
    expect(check([...one, ...two, '### Other']).problems).toEqual([
      'docs/errors.md: "### Other" is no heading of a code',
    ]);
  });

  test('finds facts that are not those of the code, and corrects them', () => {
    const stale = [...one.map((line) => line.replace('1.', '9.')), ...two];
    expect(check(stale).problems).toEqual([
      'docs/errors.md: the facts of ERR_A_ONE are not those of the code; run "pnpm docs:write"',
    ]);
    const corrected = check(stale, { write: true });
    expect(corrected).toEqual({ problems: [], text: [...one, ...two].join('\n') });
  });

  test('finds a section that does not say what the error means or what to do', () => {
    const silent = ['### `ERR_B_TWO`', '', '- Answer: 2.', '- Message: two.', '', '**Meaning.** ', ''];
    expect(check([...one, ...silent]).problems).toEqual([
      'docs/errors.md: ERR_B_TWO lacks "**Meaning.**"',
      'docs/errors.md: ERR_B_TWO lacks "**Next step.**"',
    ]);
  });
});

describe('error codes', () => {
  test('every reason belongs to a code', () => {
    expect(new Set(refusalCodes().map(({ code }) => code))).toEqual(
      new Set(Object.values(reasons).map(({ code }) => code)),
    );
  });

  test('reasons that share a code answer alike', () => {
    const table = { a: reasons.unknown_tool, b: { ...reasons.unknown_tool, message: 'Unknown tool.' } };
    expect(() => refusalCodes(table)).toThrow('ERR_ACCESS_UNKNOWN_TARGET stands for reasons that answer differently');
  });

  test('every code is ERR, the area and the reason in capitals', () => {
    for (const { area, code } of Object.values(reasons)) expect(code).toMatch(new RegExp(`^ERR_${area}_[A-Z][A-Z_]*$`));
  });

  test('the codes of start-up are read from the union in the sources', () => {
    const file = 'packages/core/src/errors/sallyport-error.ts';
    const root = makeRepository({ [file]: `export type SetupErrorCode = 'ERR_X_ONE' | 'ERR_X_TWO';\n` });
    expect(setupCodes(root).map(({ code }) => code)).toEqual(['ERR_X_ONE', 'ERR_X_TWO']);
  });

  test('a union that is not found is not an empty one', () => {
    const root = makeRepository({ 'packages/core/src/errors/sallyport-error.ts': 'export type Other = 1;\n' });
    expect(() => setupCodes(root)).toThrow('has no union SetupErrorCode');
  });
});
