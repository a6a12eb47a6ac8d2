import { RE2JS } from '@bufbuild/re2';
import { spend } from './meter.ts';

interface Pattern {
  readonly matcher: RE2JS;
  /** Steps of matching one character in the worst case: RE2 takes time linear in the text, and in the size of the pattern. */
  readonly steps: number;
}

/** Patterns stand in cards, so there are not many. */
const compiled = new Map<string, Pattern>();

/** Whether a part of the text matches an RE2 pattern. */
export function matchesPattern(text: string, pattern: string): boolean {
  const { matcher, steps } = patternOf(pattern);
  spend(text.length * steps);
  return matcher.test(text);
}

/** Steps that one character of a text costs at most. */
export function patternSteps(pattern: string): number {
  return patternOf(pattern).steps;
}

function patternOf(pattern: string): Pattern {
  return compiled.get(pattern) ?? compilePattern(pattern);
}

function compilePattern(pattern: string): Pattern {
  const matcher = RE2JS.compile(pattern);
  const result = { matcher, steps: 2 + matcher.re2().prog.numInst() / 40 };
  compiled.set(pattern, result);
  return result;
}
