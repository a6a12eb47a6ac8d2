import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { exporterPackages, loadExporter } from '../../src/prometheus/load-exporter.ts';

const workspace = new URL('../../../../pnpm-workspace.yaml', import.meta.url);

test('packages that are not installed stop the start with the line that installs them', async () => {
  const missing = Object.assign(new Error("Cannot find package '@opentelemetry/exporter-prometheus'"), {
    code: 'ERR_MODULE_NOT_FOUND',
  });
  await expect(loadExporter(() => Promise.reject(missing))).rejects.toMatchObject({
    code: 'ERR_TELEMETRY_PROMETHEUS',
    field: 'telemetry.prometheus',
    remedy: `run npm install ${exporterPackages}, or remove the field`,
    cause: missing,
  });
});

test('the line that installs them names the versions that are tested', () => {
  const catalog = readFileSync(workspace, 'utf8');
  for (const one of exporterPackages.split(' ')) {
    const at = one.lastIndexOf('@');
    expect(catalog).toContain(`  '${one.slice(0, at)}': ${one.slice(at + 1)}\n`);
  }
});
