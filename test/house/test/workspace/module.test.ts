import { expect, test } from 'vitest';

import { readModule } from '../../src/workspace/module.ts';

test('an import in a comment or in a string is no import', () => {
  const text = `// import 'one';\n/* import 'two'; */\nexport const text = "import 'three'";\n`;
  expect(readModule('a.ts', text).imports).toEqual([]);
});

test('a specifier that the text shows and the parser does not report breaks the module', () => {
  const text = 'const text = `\nimport { x } from "hidden";\n`;\nexport { text };\n';
  expect(readModule('a.ts', text).broken).toBe(`names 'hidden', which the parser did not report`);
});

test('an import over several lines has the line it begins in', () => {
  expect(readModule('a.ts', `\nimport {\n  a,\n  b,\n} from './b.ts';\n`).imports).toEqual([
    { specifier: './b.ts', line: 2 },
  ]);
});
