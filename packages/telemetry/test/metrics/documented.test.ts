import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { createTelemetry } from '../../src/index.ts';
import { tellEverything } from '../support/every-event.ts';
import { createMetricSdk, type Collected } from '../support/metric-sdk.ts';

const page = readFileSync(new URL('../../../../docs/telemetry.md', import.meta.url), 'utf8');

/** The rows of the table below a heading of columns, cell by cell. */
function rowsBelow(heading: string): string[][] {
  const lines = page.split('\n');
  const cells = (line: string): string[] =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
  const at = lines.findIndex((line) => line.startsWith('|') && cells(line).join(', ') === heading);
  if (at === -1) throw new Error(`no table with ${heading}`);
  const end = lines.findIndex((line, index) => index > at && !line.startsWith('|'));
  return lines.slice(at + 2, end).map(cells);
}

function namesIn(cell: string | undefined): string[] {
  return [...(cell ?? '').matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
}

const documented = rowsBelow('metric, kind, unit, attributes, what it says');
let made: Readonly<Record<string, Collected>>;

beforeAll(async () => {
  const { provider, collect } = createMetricSdk();
  tellEverything(createTelemetry({ meterProvider: provider }));
  made = await collect();
});

describe('the table of metrics', () => {
  test('lists every metric there is, and no other', () => {
    const names = documented.flatMap(([name]) => namesIn(name));
    expect(names.toSorted()).toEqual(Object.keys(made).toSorted());
    expect(new Set(names).size).toBe(names.length);
  });

  test('gives the unit and the kind of each', () => {
    for (const [name, kind = ''] of documented) {
      const { unit, points } = made[namesIn(name)[0] ?? ''] ?? { unit: '', points: [] };
      expect([name, namesIn(kind)[0] ?? '']).toEqual([name, unit]);
      const isHistogram = points.some(({ value }) => typeof value === 'object');
      expect([name, kind.startsWith('histogram')]).toEqual([name, isHistogram]);
    }
  });

  test('gives the attributes of each, and no other', () => {
    for (const [name, , attributes] of documented) {
      const points = made[namesIn(name)[0] ?? '']?.points ?? [];
      const seen = new Set(points.flatMap((point) => Object.keys(point.attributes)));
      expect([name, namesIn(attributes).toSorted()]).toEqual([name, [...seen].toSorted()]);
    }
  });
});

test('the table of values says of every attribute how many it can have', () => {
  const used = new Set(documented.flatMap(([, , attributes]) => namesIn(attributes)));
  const bounded = rowsBelow('attribute, values').flatMap(([names]) => namesIn(names));
  expect(bounded.toSorted()).toEqual([...used].toSorted());
});

test('the page that explains exports lists no metric that does not exist', () => {
  const exportPage = readFileSync(new URL('../../../../docs/audit-export.md', import.meta.url), 'utf8');
  const named = [...exportPage.matchAll(/`(sallyport\.audit\.[a-z._]+)`/g)].map(([, name = '']) => name);
  const attributes = new Set(documented.flatMap(([, , cell]) => namesIn(cell)));
  expect(named.filter((name) => made[name] === undefined && !attributes.has(name))).toEqual([]);
});
