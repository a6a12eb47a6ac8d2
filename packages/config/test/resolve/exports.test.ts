import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadConfig } from '../../src/index.ts';
import { load, loadWith, minimal, setupErrorOf } from '../support/fixtures.ts';

const endpoint = 'https://collector.example.com/v1/logs';
const exporting = (...list: object[]): object => ({ audit: { export: list } });
const lineOf = async (...list: object[]): Promise<string> => (await setupErrorOf(loadWith(exporting(...list)))).message;

describe('audit.export', () => {
  it('fills what is left out', async () => {
    const { audit } = await loadWith(exporting({ type: 'otlp', endpoint }, { type: 'stdout' }));
    expect(audit.export).toEqual([
      {
        type: 'otlp',
        name: 'otlp',
        endpoint,
        headers: {},
        format: 'protobuf',
        compression: 'gzip',
        timeoutMs: 10_000,
        serviceName: 'sallyport',
        tls: {},
        dangerouslyAllowInsecureEndpoint: false,
      },
      { type: 'stdout', name: 'stdout' },
    ]);
  });

  it('is never created by OTEL_* variables, which only name the service', async () => {
    const env = {
      OTEL_SERVICE_NAME: 'notes',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318',
      OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: 'http://127.0.0.1:4318/v1/logs',
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=x',
      OTEL_LOGS_EXPORTER: 'otlp',
    };
    expect((await load(minimal(), env)).audit.export).toEqual([]);
    const written = exporting(
      { type: 'otlp', endpoint },
      { type: 'otlp', name: 'b', endpoint, serviceName: 'mine' },
      { type: 'stdout' },
    );
    const { audit } = await load({ ...minimal(), ...written }, env);
    expect(audit.export).toMatchObject([
      { serviceName: 'notes', headers: {}, endpoint },
      { serviceName: 'mine' },
      { type: 'stdout' },
    ]);
    expect(audit.export[2]).not.toHaveProperty('serviceName');
  });

  it('takes http on a loopback host, and elsewhere only when that is asked for', async () => {
    for (const host of ['127.0.0.1', 'localhost', '[::1]'])
      await loadWith(exporting({ type: 'otlp', endpoint: `http://${host}:4318/v1/logs` }));
    const far = { type: 'otlp', endpoint: 'http://collector:4318/v1/logs' };
    expect(await lineOf(far)).toBe(
      'audit.export[0].endpoint: uses http on a host that is not loopback, where records and credentials can be read on the way; use https, or set dangerouslyAllowInsecureEndpoint to true (ERR_CONFIG_INVALID)',
    );
    const { warnings } = await loadWith(exporting({ ...far, dangerouslyAllowInsecureEndpoint: true }));
    expect(warnings).toEqual([
      'audit.export[0].dangerouslyAllowInsecureEndpoint is on: records and headers can be read and changed on their way.',
    ]);
  });

  it.each<[object[], string]>([
    [[{ type: 'syslog' }], 'audit.export[0].type: expected "otlp" or "stdout", saw "syslog"; write for example "otlp"'],
    [
      [{ type: 'otlp' }],
      'audit.export[0].endpoint: is missing; add it, for example "https://collector.example.com/v1/logs"',
    ],
    [
      [{ type: 'otlp', endpoint: 'https://collector.example.com' }],
      'audit.export[0].endpoint: has no path; write "https://collector.example.com/v1/logs"',
    ],
    [
      [{ type: 'otlp', endpoint: 'https://user:pass@collector.example.com/v1/logs' }],
      'audit.export[0].endpoint: holds a user name or password, expected an absolute https URL with a path, without user information and fragment; write for example "https://collector.example.com/v1/logs"',
    ],
    [
      [
        { type: 'otlp', endpoint },
        { type: 'otlp', endpoint },
      ],
      'audit.export[1].name: is "otlp", like that of audit.export[0]; give each export a name of its own; its cursor is found by it',
    ],
    [
      [{ type: 'stdout', name: 'a-b' }],
      'audit.export[0].name: expected 1 to 32 lower-case letters, digits and underscores, saw "a-b"; write for example "siem"',
    ],
    [[{ type: 'stdout', format: 'json' }], 'audit.export[0].format: has no meaning with the type "stdout"; remove it'],
    [
      [{ type: 'otlp', endpoint, headers: { 'a b': 'x' } }],
      'audit.export[0].headers: holds a name that no header can have; use letters, digits and hyphens',
    ],
    [
      [{ type: 'otlp', endpoint, headers: { Host: 'x' } }],
      'audit.export[0].headers.Host: is set by the protocol; remove it',
    ],
    [
      [{ type: 'otlp', endpoint, headers: { authorization: 'secret\r\nx: y' } }],
      'audit.export[0].headers.authorization: expected printable ASCII characters, saw a text that is not shown; write for example "Bearer ${file:/run/secrets/otlp.token}"',
    ],
    [
      [{ type: 'otlp', endpoint, tls: { cert: '-----BEGIN CERTIFICATE-----' } }],
      'audit.export[0].tls: has only one of cert and key; give both',
    ],
    [
      [{ type: 'otlp', endpoint: 'http://127.0.0.1:4318/v1/logs', tls: {} }],
      'audit.export[0].tls: is set, but endpoint uses http; remove it',
    ],
  ])('refuses %j', async (list, line) => {
    expect(await lineOf(...list)).toBe(`${line} (ERR_CONFIG_INVALID)`);
  });

  it('has headers and a key that are secrets: read from private files, never hashed, never shown', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sallyport-config-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    await writeFile(join(folder, 'token'), 'k9-very-secret\n', { mode: 0o600 });
    const one = { type: 'otlp', endpoint, headers: { authorization: 'Bearer ${file:token}' } };
    const input = { ...minimal(), ...exporting(one) } as Parameters<typeof loadConfig>[0];
    const config = await loadConfig(input, { baseDirectory: folder, env: {} });
    expect(config.audit.export).toMatchObject([{ headers: { authorization: 'Bearer k9-very-secret' } }]);
    const hashWith = async (headers: object): Promise<string> => {
      const changed = { ...minimal(), ...exporting({ ...one, headers }) } as typeof input;
      return (await loadConfig(changed, { baseDirectory: folder, env: {} })).hash;
    };
    expect(await hashWith({ authorization: 'Bearer other' })).toBe(config.hash);
    expect(await hashWith({ 'x-key': 'Bearer other' })).not.toBe(config.hash);

    await chmod(join(folder, 'token'), 0o644);
    const refused = await setupErrorOf(loadConfig(input, { baseDirectory: folder, env: {} }));
    expect(refused.message).toContain('holds a secret but is accessible to group or others');
    expect(refused.message).not.toContain('very-secret');
  });
});
