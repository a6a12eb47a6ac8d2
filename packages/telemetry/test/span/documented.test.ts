import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { serverSpan, source } from '../support/server-span.ts';

const page = readFileSync(join(import.meta.dirname, '../../../../docs/telemetry.md'), 'utf8');

/** The first cells of the rows of the first table behind a heading. */
function firstCells(heading: string): readonly string[] {
  const behind = page.slice(page.indexOf(`### ${heading}\n`));
  const table = /(?:^\|.*\n)+/m.exec(behind)?.[0] ?? '';
  return table
    .split('\n')
    .slice(2, -1)
    .flatMap((line) => [...(line.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? ''));
}

describe('docs/telemetry.md on spans', () => {
  it('lists exactly the attributes that the span of a call can have', () => {
    const possible = serverSpan.filter(({ when }) => when !== 'never').map(({ name }) => name);
    expect(firstCells('The span of a call').toSorted()).toEqual([...possible, 'sallyport.reason'].toSorted());
  });

  it('says of the others why they are not there', () => {
    for (const { name } of serverSpan.filter(({ when }) => when === 'never')) expect(page).toContain(`\`${name}\``);
  });

  it('lists the parts of a call', () => {
    const parts = ['authenticate', 'authorize', 'audit', 'handler'].map((name) => `sallyport.${name}`);
    expect(firstCells('The parts')).toEqual(parts);
  });

  it('names the text of the conventions that the table is made from', () => {
    expect(page).toContain(source.released.version);
    expect(page).toContain(source.inDevelopment.paths['model/mcp/common.yaml'].slice(0, 8));
  });
});
