import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { load, minimal } from './support/fixtures.ts';

/** Every reference of a document is there. */
function withoutFiles(text: string): string {
  return text
    .replaceAll(/\$\{file:[^}]*(?:pem|key)\}/g, '"-----BEGIN "')
    .replaceAll(/\$\{file:[^}]*\.secret\}/g, `whsec_${Buffer.alloc(32).toString('base64')}`)
    .replaceAll(/\$\{file:[^}]*\}/g, 'x');
}

describe('the configuration in docs/audit-export.md', () => {
  it('loads', async () => {
    const page = await readFile(new URL('../../../docs/audit-export.md', import.meta.url), 'utf8');
    const blocks = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, block]) => block ?? '');
    expect(blocks.length).toBeGreaterThan(3);
    for (const block of blocks) {
      const { audit } = await load({ ...minimal(), ...(parse(withoutFiles(block)) as object) });
      expect(audit.export.length, block).toBeGreaterThan(0);
    }
  });
});
