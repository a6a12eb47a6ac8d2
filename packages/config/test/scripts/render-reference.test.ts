import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { parseJson } from '../../src/read/parse-json.ts';
import { parseYaml } from '../../src/read/parse-yaml.ts';
import { annotatedSchema } from '../../src/schema/annotated-schema.ts';
import { load } from '../support/fixtures.ts';

const script = new URL('../../scripts/render-reference.mjs', import.meta.url).href;
const { renderReference } = (await import(script)) as { renderReference: (schema: object) => string };
const reference = renderReference(annotatedSchema());

describe('docs/config.md', () => {
  it('is what the schema says', async () => {
    const file = await readFile(new URL('../../../../docs/config.md', import.meta.url), 'utf8');
    expect(file, 'run node packages/config/scripts/generate.mjs').toBe(reference);
  });

  it('has examples that load and mean the same', async () => {
    const block = (language: string): string =>
      new RegExp(`\`\`\`${language}\n([^\`]+)\`\`\``).exec(reference)?.[1] ?? '';
    expect(await load(parseYaml(block('yaml')))).toEqual(await load(parseJson(block('json'))));
  });

  it('describes every field once and links to it', () => {
    const headings = [...reference.matchAll(/^#### (.+)$/gm)].map((match) => match[1] ?? '');
    expect(new Set(headings).size).toBe(headings.length);
    expect(headings).toContain('issuers[].audience');
    expect(headings).toContain('audit.mirror');
    for (const heading of headings) expect(reference).toContain(`[\`${heading}\`](#`);
  });

  it('marks what is not available yet', () => {
    expect(reference).toContain('| [`state.redis`](#stateredis) | not available yet |');
    expect(reference).toContain('- Not available yet: `sessions`.');
  });
});
