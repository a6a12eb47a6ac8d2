import { test } from 'vitest';

import { requirements, type RequirementId } from '../requirements.ts';

/**
 * A vitest test that says which requirements it proves. Write the ids as literals, one string or an array of strings:
 * `coverage.test.ts` reads them from the source text. The ids become part of the test's name.
 */
export function verifies(
  ids: RequirementId | readonly RequirementId[],
  name: string,
  run: () => void | Promise<void>,
  timeoutMs?: number,
): void {
  const list = typeof ids === 'string' ? [ids] : ids;
  for (const id of list) {
    if (!Object.hasOwn(requirements, id)) throw new Error(`"${name}" cites ${id}, which requirements.ts does not list`);
  }
  test(`${name} [${list.join(' ')}]`, run, timeoutMs);
}
