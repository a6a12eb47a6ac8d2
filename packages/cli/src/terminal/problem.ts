import { errorPage, SetupError, type ErrorCode, type TextPosition } from '@sallyport/core';
import { printable } from './printable.ts';
import type { Style } from './style.ts';

/** Something that is wrong, as every command tells it: a stable code, what was seen and expected, what to do, where to read more. */
export interface Problem {
  readonly code: ErrorCode;
  /** The file the mistake is in. */
  readonly file?: string;
  /** Where in the file. */
  readonly position?: TextPosition;
  /** The field, JSON pointer, option or argument. */
  readonly field?: string;
  readonly problem: string;
  readonly remedy: string;
  readonly doc: string;
}

/** An error as a problem. What nobody planned for becomes `ERR_CLI_INTERNAL`. */
export function problemOf(error: unknown): Problem {
  if (error instanceof SetupError) {
    const { code, file, position, field, problem, remedy, doc } = error;
    return {
      code,
      ...(file !== undefined && { file }),
      ...(position !== undefined && { position }),
      ...(field !== undefined && { field }),
      problem,
      remedy,
      doc,
    };
  }
  return {
    code: 'ERR_CLI_INTERNAL',
    problem: `this should not happen: ${error instanceof Error ? error.message : String(error)}`,
    remedy: 'report it with the command you ran, without tokens and secrets',
    doc: errorPage('ERR_CLI_INTERNAL'),
  };
}

/**
 * A problem for people, on three lines: code and what is wrong, what to do, the page. The first line starts with `label`, and the
 * others stand below what follows it.
 */
export function describeProblem(problem: Problem, label: string, style: Style): string {
  const { file, position } = problem;
  const place = file === undefined || position === undefined ? file : `${file}:${position.line}:${position.column}`;
  const where = [place, problem.field].filter((part) => part !== undefined).join(': ');
  const what = where === '' ? problem.problem : `${where}: ${problem.problem}`;
  const indent = ' '.repeat(label.length + 2);
  return [
    `${style('bad', label)}  ${problem.code}  ${printable(what)}`,
    `${indent}${printable(problem.remedy)}`,
    `${indent}${style('faint', problem.doc)}`,
  ].join('\n');
}
