import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatChallenge } from '../../src/challenge/format-challenge.ts';

const METADATA = 'https://mcp.example.com/.well-known/oauth-protected-resource/mcp';

/** A strict parser of one challenge with quoted-string parameters (RFC 9110 §11.6.1, §5.6.4), written for this test alone. */
function parse(value: string): { scheme: string; parameters: [string, string][] } {
  const scheme = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+) /.exec(value);
  if (scheme === null) throw new Error(`no scheme in ${value}`);
  const parameters: [string, string][] = [];
  let rest = value.slice(scheme[0].length);
  for (;;) {
    const parameter = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+)="((?:[\t \x21\x23-\x5B\x5D-\x7E]|\\[\t \x21-\x7E])*)"/.exec(rest);
    if (parameter === null) throw new Error(`no parameter at ${rest}`);
    parameters.push([parameter[1] ?? '', (parameter[2] ?? '').replace(/\\(.)/g, '$1')]);
    rest = rest.slice(parameter[0].length);
    if (rest === '') return { scheme: scheme[1] ?? '', parameters };
    if (!rest.startsWith(', ')) throw new Error(`no comma at ${rest}`);
    rest = rest.slice(2);
  }
}

describe('formatChallenge', () => {
  // @verifies TOKEN-6750-NO-CODE-WITHOUT-TOKEN, TOKEN-9728-CHALLENGE, TOKEN-MCP-SCOPE-GUIDANCE
  it('carries no error without a credential, only where to sign in and for what (A-01)', () => {
    expect(
      formatChallenge({ resourceMetadata: METADATA, scope: ['notes:read', 'echo:call'], description: 'ignored' }),
    ).toBe(`Bearer resource_metadata="${METADATA}", scope="notes:read echo:call"`);
    expect(formatChallenge({ resourceMetadata: METADATA })).toBe(`Bearer resource_metadata="${METADATA}"`);
  });

  // @verifies TOKEN-6750-CODE-WITH-TOKEN, TOKEN-6750-INVALID-TOKEN
  it('tells a client with an invalid token to get a new one (A-27)', () => {
    expect(
      formatChallenge({
        error: 'invalid_token',
        description: 'The access token expired.',
        scope: 'notes:read',
        resourceMetadata: METADATA,
      }),
    ).toBe(
      `Bearer error="invalid_token", error_description="The access token expired.", scope="notes:read", resource_metadata="${METADATA}"`,
    );
  });

  // @verifies TOKEN-6750-INVALID-REQUEST
  it('tells a client with a malformed request what was wrong, without scopes (A-03)', () => {
    expect(
      formatChallenge({ error: 'invalid_request', description: 'One token.', scope: 'a', resourceMetadata: METADATA }),
    ).toBe(`Bearer error="invalid_request", error_description="One token.", resource_metadata="${METADATA}"`);
  });

  // @verifies TOKEN-6750-INSUFFICIENT-SCOPE, TOKEN-MCP-ALL-SCOPES
  it('lists every scope an operation needs in one challenge (A-29, A-30)', () => {
    expect(
      formatChallenge({
        error: 'insufficient_scope',
        description: 'More.',
        scope: ['a', 'b'],
        resourceMetadata: METADATA,
      }),
    ).toBe(
      `Bearer error="insufficient_scope", scope="a b", resource_metadata="${METADATA}", error_description="More."`,
    );
  });

  // @verifies TOKEN-MCP-NO-OFFLINE-ACCESS
  it('never asks for offline_access and names a scope once (A-31)', () => {
    expect(formatChallenge({ resourceMetadata: METADATA, scope: 'offline_access a a b offline_access' })).toContain(
      'scope="a b"',
    );
    expect(formatChallenge({ resourceMetadata: METADATA, scope: ['offline_access'] })).not.toContain('scope=');
    expect(formatChallenge({ resourceMetadata: METADATA, scope: [] })).not.toContain('scope=');
  });

  // @verifies TOKEN-6750-CHALLENGE-CHARACTERS
  it('leaves out a scope that is not one, whole (A-25, F-97)', () => {
    const scope = ['a"b', 'c\\d', 'e\r\nX-Evil: 1', 'with space', 'ünï', '', 'good'];
    expect(formatChallenge({ resourceMetadata: METADATA, scope })).toBe(
      `Bearer resource_metadata="${METADATA}", scope="good"`,
    );
  });

  // @verifies TOKEN-6750-CHALLENGE-CHARACTERS
  it('keeps quotes, line breaks and other letters out of the description (F-99)', () => {
    const value = formatChallenge({
      error: 'invalid_token',
      description: 'a"b\\c\r\nSet-Cookie: x=1 é\u202e',
      resourceMetadata: METADATA,
    });
    expect(parse(value).parameters).toEqual([
      ['error', 'invalid_token'],
      ['error_description', 'abcSet-Cookie: x=1 '],
      ['resource_metadata', METADATA],
    ]);
  });

  it('escapes what a URL in the configuration may hold (A-25)', () => {
    const value = formatChallenge({ resourceMetadata: 'https://h/"quoted"\\\r\nX: y' });
    expect(parse(value).parameters).toEqual([['resource_metadata', 'https://h/"quoted"\\X: y']]);
  });

  it('tells a client how its user has to sign in again (B-86, RFC 9470 §3)', () => {
    const error = 'insufficient_user_authentication';
    const description = 'Sign in again.';
    const told = { error, description, resourceMetadata: METADATA } as const;
    expect(
      formatChallenge({ ...told, scope: ['pay'], signIn: { acrValues: ['urn:mfa', 'urn:hwk'], maxAgeSeconds: 300 } }),
    ).toBe(
      'Bearer error="insufficient_user_authentication", error_description="Sign in again.", scope="pay", ' +
        `acr_values="urn:mfa urn:hwk", max_age="300", resource_metadata="${METADATA}"`,
    );
    expect(
      formatChallenge({ ...told, scheme: 'DPoP', algorithms: ['ES256'], signIn: { acrValues: [], maxAgeSeconds: 5 } }),
    ).toBe(
      'DPoP error="insufficient_user_authentication", error_description="Sign in again.", max_age="5", ' +
        `resource_metadata="${METADATA}", algs="ES256"`,
    );
    expect(formatChallenge({ ...told, signIn: { acrValues: ['a"b\\'] } })).toContain('acr_values="a\\"b\\\\"');
  });

  it('stays within 2 KiB and cuts scopes between tokens (I-10)', () => {
    const scope = Array.from({ length: 10_000 }, (_, index) => `tool-${index}:call`);
    const value = formatChallenge({
      error: 'insufficient_scope',
      description: 'x'.repeat(5_000),
      scope,
      resourceMetadata: METADATA,
    });
    expect(value.length).toBeLessThanOrEqual(2_048);
    expect(value.length).toBeGreaterThan(1_900);
    const kept = new Map(parse(value).parameters).get('scope')?.split(' ') ?? [];
    expect(kept).toEqual(scope.slice(0, kept.length));
  });

  // @verifies TOKEN-6750-CHALLENGE-ONCE, TOKEN-6750-CHALLENGE
  it('is one Bearer challenge with unique parameters in a strict parser, whatever goes in (A-26)', () => {
    const error = fc.constantFrom('invalid_request', 'invalid_token', 'insufficient_scope', undefined);
    const text = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(error, text, fc.oneof(text, fc.array(text)), text, (kind, description, scope, resourceMetadata) => {
        const { scheme, parameters } = parse(formatChallenge({ error: kind, description, scope, resourceMetadata }));
        expect(scheme).toBe('Bearer');
        const names = parameters.map(([name]) => name);
        expect(new Set(names).size).toBe(names.length);
        expect(names).toContain('resource_metadata');
        expect(names.includes('error')).toBe(kind !== undefined);
      }),
    );
  });
});
