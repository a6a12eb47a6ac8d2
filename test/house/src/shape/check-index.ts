import { parseSync } from 'oxc-parser';

import { lineOf } from '../workspace/parse.ts';

/** Checks that an `index.ts` holds explicit named exports of other files and nothing else. */
export function checkIndex(text: string): string[] {
  const { program, errors } = parseSync('index.ts', text);
  if (errors[0] !== undefined) return [`can not be parsed: ${errors[0].message}`];
  if (program.body.length === 0) return ['is missing or exports nothing'];
  const problems: string[] = [];
  for (const node of program.body) {
    const line = lineOf(text, node.start);
    if (node.type === 'ExportAllDeclaration') problems.push(`line ${line} exports everything; name what is public`);
    else if (node.type !== 'ExportNamedDeclaration' || node.source === null)
      problems.push(`line ${line} is no named export of another file`);
    else if (node.specifiers.length === 0) problems.push(`line ${line} exports nothing`);
    else if (node.specifiers.some((one) => one.exported.type === 'Identifier' && one.exported.name === 'default')) {
      problems.push(`line ${line} has a default export`);
    }
  }
  return problems;
}
