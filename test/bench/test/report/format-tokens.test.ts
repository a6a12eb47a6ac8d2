import { expect, test } from 'vitest';

import { formatTokens } from '../../src/report/format-tokens.ts';
import type { TokenChecks } from '../../src/token-checks/run-token-checks.ts';

const phase = {
  kind: 'garbage',
  tokens: 1000,
  seconds: 2,
  rssGrowthMiB: 21.4,
  heapGrowthMiB: 0.1,
  requests: 0,
} as const;
const checks: TokenChecks = {
  cases: [
    { case: 'rs256', subject: 'sallyport', rounds: [{ calls: 9, cpuMicrosPerCall: 80 }] },
    { case: 'rs256', subject: 'official', rounds: [], void: 'wrong outcome: no' },
    { case: 'rs256', subject: 'bare', rounds: [{ calls: 9, cpuMicrosPerCall: 50 }] },
  ],
  flood: {
    tokens: 1000,
    rssGrowthMiB: 21.4,
    requests: 0,
    phases: [{ ...phase, kind: 'warm-up' }, phase],
  },
};

test('The table has the figures, the ratio, the limit, and that it is not kept.', () => {
  const lines = formatTokens(checks).split('\n');
  const line = lines.find((candidate) => candidate.startsWith('rs256'));
  expect(line?.split(/ {2,}/)).toEqual([
    'rs256',
    '80.0',
    '0 %',
    'void',
    '50.0',
    '0 %',
    '1.60 ×',
    '-',
    '1.30 ×',
    'over',
  ]);
  expect(lines).toContain('rs256 by official is void: wrong outcome: no');
  expect(lines.find((candidate) => candidate.startsWith('together'))).toMatch(/ 1000 .* 21\.4 .* 0 +over$/);
});

test('A void flood has no figures.', () => {
  const text = formatTokens({ ...checks, flood: { ...checks.flood, void: 'an accepted token' } });
  expect(text).toContain('void, an accepted token');
  expect(text).not.toContain('21.4');
});
