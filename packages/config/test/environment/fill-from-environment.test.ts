import { describe, expect, it } from 'vitest';
import { load, minimal, setupErrorOf } from '../support/fixtures.ts';

const withoutIssuers = { resource: 'https://mcp.example.com/mcp', card: './server-card.json' };

describe('the environment', () => {
  it('fills the issuer and its audience when the file leaves them out', async () => {
    const config = await load(withoutIssuers, { ISSUER_BASE_URL: 'https://tenant.example/', AUDIENCE: 'api://notes' });
    expect(config.issuers).toMatchObject([
      { issuer: 'https://tenant.example/', audience: ['api://notes'], profile: 'rfc9068' },
    ]);
  });

  it('never overrides the file', async () => {
    const issuers = [{ issuer: 'https://a.example', audience: ['a'] }];
    const config = await load({ ...minimal(), issuers }, { ISSUER_BASE_URL: 'https://b.example', AUDIENCE: 'b' });
    expect(config.issuers).toMatchObject(issuers);
    const empty = await setupErrorOf(load({ ...minimal(), issuers: [] }, { ISSUER_BASE_URL: 'https://b.example' }));
    expect(empty.field).toBe('issuers');
    const none = await setupErrorOf(
      load({ ...minimal(), issuers: [{ issuer: 'https://a.example', audience: [] }] }, { AUDIENCE: 'b' }),
    );
    expect(none.field).toBe('issuers[0].audience');
  });

  it('fills AUDIENCE for every issuer that names no audience, and replaces only the default', async () => {
    const issuers = [
      { issuer: 'https://a.example' },
      { issuer: 'https://b.example', audience: ['b'] },
      { issuer: 'https://c.example' },
    ];
    const config = await load({ ...minimal(), issuers }, { AUDIENCE: 'api://notes' });
    expect(config.issuers.map((issuer) => issuer.audience)).toEqual([['api://notes'], ['b'], ['api://notes']]);
  });

  it('counts as absent when a variable is empty', async () => {
    expect((await setupErrorOf(load(withoutIssuers, { ISSUER_BASE_URL: '' }))).problem).toBe('is missing');
    expect((await load(minimal(), { AUDIENCE: '' })).issuers[0]?.audience).toEqual(['https://mcp.example.com/mcp']);
  });

  it('takes the conventions of telemetry from the list of a process, unless the file says', async () => {
    const env = { OTEL_SEMCONV_STABILITY_OPT_IN: 'http/dup, gen_ai_latest_experimental' };
    expect((await load(minimal(), env)).telemetry.conventions).toBe('gen_ai_latest_experimental');
    const written = { ...minimal(), telemetry: { content: 'arguments', conventions: '1.41' } };
    expect((await load(written, env)).telemetry).toMatchObject({ content: 'arguments', conventions: '1.41' });
    expect((await load(minimal(), { OTEL_SEMCONV_STABILITY_OPT_IN: 'http' })).telemetry.conventions).toBe('1.41');
  });

  it('is held to the same rules as the file', async () => {
    expect((await setupErrorOf(load(withoutIssuers, { ISSUER_BASE_URL: 'tenant.example' }))).message).toBe(
      'issuers[0].issuer: is not an absolute URL with http or https, expected an absolute https URL without user information, query and fragment; write for example "https://login.example.com" (ERR_CONFIG_INVALID)',
    );
    expect((await setupErrorOf(load(withoutIssuers, { ISSUER_BASE_URL: 'http://tenant.example' }))).problem).toContain(
      'uses http',
    );
  });

  it('does not replace references in variables', async () => {
    const config = await load(minimal(), { AUDIENCE: '${env:SECRET}', SECRET: 'x' });
    expect(config.issuers[0]?.audience).toEqual(['${env:SECRET}']);
  });

  it('changes nothing else', async () => {
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318',
      OTEL_SDK_DISABLED: 'true',
      RESOURCE: 'x',
      CARD: 'x',
    };
    expect(await load(minimal(), env)).toEqual(await load(minimal()));
    for (const strange of [[], 'x', { issuers: 'x' }, { issuers: [1, null] }]) {
      await expect(
        load(strange === 'x' ? 1 : strange, { ISSUER_BASE_URL: 'https://a', AUDIENCE: 'b' }),
      ).rejects.toThrow('ERR_CONFIG');
    }
  });
});
