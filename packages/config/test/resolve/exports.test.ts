import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadConfig } from '../../src/index.ts';
import { load, loadWith, minimal, setupErrorOf } from '../support/fixtures.ts';

const endpoint = 'https://collector.example.com/v1/logs';
const whsec = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
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

  it('has a union of types, each with the defaults of its own', async () => {
    const { audit } = await loadWith(
      exporting(
        { type: 'syslog', endpoint: 'syslog+tls://siem.example.com' },
        {
          type: 'syslog',
          name: 'near',
          endpoint: 'syslog+tcp://[::1]:601',
          format: 'cef',
          facility: 10,
          confirm: 'sent',
        },
        { type: 'webhook', endpoint: 'https://hooks.example.com/audit', secrets: [whsec] },
      ),
    );
    const common = { timeoutMs: 10_000, tls: {} };
    expect(audit.export).toEqual([
      {
        ...common,
        type: 'syslog',
        name: 'syslog',
        host: 'siem.example.com',
        port: 6514,
        transport: 'tls',
        format: 'json',
        confirm: 'close',
        facility: 13,
      },
      {
        ...common,
        type: 'syslog',
        name: 'near',
        host: '::1',
        port: 601,
        transport: 'tcp',
        format: 'cef',
        confirm: 'sent',
        facility: 10,
      },
      {
        ...common,
        type: 'webhook',
        name: 'webhook',
        endpoint: 'https://hooks.example.com/audit',
        secrets: [whsec],
        headers: {},
        format: 'json',
        dangerouslyAllowInsecureEndpoint: false,
      },
    ]);
  });

  it('takes as an endpoint of syslog a scheme, a host and a port, and nothing else', async () => {
    for (const wrong of [
      'syslog+tls://',
      'syslog+tls://a:0',
      'syslog+tls://a:65536',
      'syslog+tls://user@a:1',
      'syslog+tls://a:1/path',
      'syslog+tls://[::g]:1',
      'syslog+tls://a b:1',
      'syslog+tcp://127.0.0.1',
      'syslog+udp://a:514',
    ])
      expect(await lineOf({ type: 'syslog', endpoint: wrong }), wrong).toContain('audit.export[0].endpoint: ');
    const { warnings } = await loadWith(
      exporting({ type: 'syslog', endpoint: 'syslog+tls://siem.example.com', confirm: 'sent' }),
    );
    expect(warnings).toEqual([
      expect.objectContaining({ event: 'sallyport.config.export_unconfirmed', field: 'audit.export[0].confirm' }),
    ]);
  });

  it('hashes how many secrets a webhook has, never which', async () => {
    const other = `whsec_${Buffer.alloc(32, 8).toString('base64')}`;
    const hashOf = async (...secrets: string[]): Promise<string> =>
      (await loadWith(exporting({ type: 'webhook', endpoint: 'https://hooks.example.com/audit', secrets }))).hash;
    expect(await hashOf(whsec)).toBe(await hashOf(other));
    expect(await hashOf(whsec, other)).not.toBe(await hashOf(whsec));
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
      expect.objectContaining({
        event: 'sallyport.config.insecure_endpoint',
        field: 'audit.export[0].dangerouslyAllowInsecureEndpoint',
      }),
    ]);
  });

  it.each<[object[], string]>([
    [
      [{ type: 'kafka' }],
      'audit.export[0].type: expected "otlp", "stdout", "syslog" or "webhook", saw "kafka"; write for example "otlp"',
    ],
    [
      [{ type: 'syslog' }],
      'audit.export[0].endpoint: is missing; add it, for example "syslog+tls://siem.example.com:6514"',
    ],
    [
      [{ type: 'syslog', endpoint: 'https://siem.example.com' }],
      'audit.export[0].endpoint: is not for the type "syslog"; write syslog+tls://host:port',
    ],
    [
      [{ type: 'otlp', endpoint: 'syslog+tls://siem.example.com' }],
      'audit.export[0].endpoint: is not for the type "otlp"; write an https URL',
    ],
    [
      [{ type: 'syslog', endpoint: 'syslog+tcp://siem.example.com:514' }],
      'audit.export[0].endpoint: uses plain TCP on a host that is not loopback, where records and credentials can be read on the way; use syslog+tls, or set dangerouslyAllowInsecureEndpoint to true',
    ],
    [
      [{ type: 'syslog', endpoint: 'syslog+tcp://127.0.0.1:514', tls: {} }],
      'audit.export[0].tls: is set, but endpoint uses plain TCP; remove it',
    ],
    [
      [{ type: 'syslog', endpoint: 'syslog+tls://siem.example.com', format: 'ocsf' }],
      'audit.export[0].format: is "ocsf", which "syslog" does not have; write "json" or "ecs" or "cef"',
    ],
    [
      [{ type: 'syslog', endpoint: 'syslog+tls://siem.example.com', headers: {} }],
      'audit.export[0].headers: has no meaning with the type "syslog"; remove it',
    ],
    [
      [{ type: 'webhook', endpoint: 'https://hooks.example.com/audit' }],
      'audit.export[0].secrets: is missing; add it, for example ["${file:/run/secrets/webhook.secret}"]',
    ],
    [
      [{ type: 'webhook', endpoint: 'http://hooks.example.com/audit', secrets: [whsec] }],
      'audit.export[0].endpoint: uses http on a host that is not loopback, where records and credentials can be read on the way; use https, or set dangerouslyAllowInsecureEndpoint to true',
    ],
    [
      [
        {
          type: 'webhook',
          endpoint: 'https://hooks.example.com/audit',
          secrets: [whsec],
          headers: { 'Webhook-Id': '1' },
        },
      ],
      'audit.export[0].headers.Webhook-Id: is set by the protocol; remove it',
    ],
    [
      [{ type: 'webhook', endpoint: 'https://hooks.example.com/audit', secrets: ['hunter2'] }],
      'audit.export[0].secrets[0]: expected whsec_ and 24 to 64 bytes in Base64, saw a text that is not shown; write for example "${file:/run/secrets/webhook.secret}"',
    ],
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
      'audit.export[0].endpoint: holds a user name or password, expected an absolute https URL without user information and fragment, or syslog+tls://host:port; write for example "https://collector.example.com/v1/logs"',
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
      [{ type: 'otlp', endpoint, headers: { 'X-Key': 'a', 'x-key': 'b' } }],
      'audit.export[0].headers.x-key: is there twice: headers have no upper and lower case; remove one',
    ],
    [
      [{ type: 'webhook', endpoint: 'https://hooks.example.com/audit', secrets: [whsec, whsec] }],
      'audit.export[0].secrets: holds a secret twice; remove one',
    ],
    [
      [
        {
          type: 'webhook',
          endpoint: 'https://hooks.example.com/audit',
          secrets: Array.from({ length: 9 }, (_, index) => `whsec_${Buffer.alloc(32, index).toString('base64')}`),
        },
      ],
      'audit.export[0].secrets: expected a list of 1 to 8 secrets, saw a list; write for example ["${file:/run/secrets/webhook.secret}"]',
    ],
    [
      [{ type: 'syslog', endpoint: 'syslog+tcp://localhost' }],
      'audit.export[0].endpoint: has no port, and plain TCP has none of its own, expected an absolute https URL without user information and fragment, or syslog+tls://host:port; write for example "https://collector.example.com/v1/logs"',
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
