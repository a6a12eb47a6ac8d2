import { expect, it } from 'vitest';
import { loadWith, setupErrorOf } from '../support/fixtures.ts';

it.each(['/a?b', '/a#b', 'metrics'])('refuses %j for the path of the scrape endpoint', async (path) => {
  const error = await setupErrorOf(loadWith({ telemetry: { prometheus: { path } } }));
  expect(error.message).toContain('telemetry.prometheus.path');
});

it('takes every other path for the scrape endpoint', async () => {
  const { telemetry } = await loadWith({ telemetry: { prometheus: { path: '/internal/metrics@1' } } });
  expect(telemetry.prometheus?.path).toBe('/internal/metrics@1');
});
