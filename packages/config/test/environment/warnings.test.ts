import { describe, expect, it } from 'vitest';
import type { SallyportConfig } from '../../src/index.ts';
import { load, loadWith, minimal } from '../support/fixtures.ts';

function texts({ warnings }: SallyportConfig): string[] {
  return warnings.map(({ text }) => text);
}

describe('warnings', () => {
  it('say that certificates are not checked', async () => {
    const warnings = texts(await load(minimal(), { NODE_TLS_REJECT_UNAUTHORIZED: '0' }));
    expect(warnings).toEqual([
      expect.stringMatching(/^NODE_TLS_REJECT_UNAUTHORIZED=0 switches certificate checks off/),
    ]);
    expect((await load(minimal(), { NODE_TLS_REJECT_UNAUTHORIZED: '1' })).warnings).toEqual([]);
  });

  it('say that REDIS_URL is ignored, without its password', async () => {
    const warnings = texts(await load(minimal(), { REDIS_URL: 'redis://:secret@127.0.0.1' }));
    expect(warnings).toEqual([
      'REDIS_URL is ignored: state on Redis is not available yet, everything shared is in memory. Run one process, or unset it.',
    ]);
    expect((await load(minimal(), { REDIS_URL: '' })).warnings).toEqual([]);
  });

  it('say that http issuers are allowed', async () => {
    const warnings = texts(await loadWith({ dangerouslyAllowInsecureIssuers: true }));
    expect(warnings).toEqual([expect.stringContaining('For development and tests only.')]);
  });

  it('say that denied calls run in observe mode', async () => {
    const warnings = texts(await loadWith({ enforcement: 'observe' }));
    expect(warnings).toEqual([
      expect.stringMatching(/^enforcement is "observe": .* recorded and RUN\..*--would-deny$/),
    ]);
    expect((await loadWith({ enforcement: 'enforce' })).warnings).toEqual([]);
  });

  it('say that introspection is set and not used', async () => {
    const introspection = { clientId: 'mcp', clientSecret: 'do not show this' };
    const issuers = (tokens: string): object => ({
      issuers: [{ issuer: 'https://login.example.com', tokens, introspection }],
    });
    const field = 'issuers[0].introspection';
    expect((await loadWith(issuers('jwt'))).warnings).toEqual([
      {
        event: 'sallyport.config.introspection_unused',
        field,
        text: `${field}: introspection is set up and not used: tokens is "jwt". Set it to "opaque" or "auto" to have the issuer asked.`,
      },
    ]);
    expect((await loadWith(issuers('auto'))).warnings).toEqual([]);
  });

  it('are one line each', async () => {
    const env = { NODE_TLS_REJECT_UNAUTHORIZED: '0', REDIS_URL: 'x' };
    const warnings = texts(await load({ ...minimal(), dangerouslyAllowInsecureIssuers: true }, env));
    expect(warnings).toHaveLength(3);
    for (const warning of warnings) expect(warning).toMatch(/^[\x20-\x7e]+$/);
  });
});
