import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatChallenges, type FormatChallengesOptions } from '../../src/challenge/format-challenges.ts';
import { parseChallengeLines, type Challenge } from '../support/parse-challenges.ts';

const METADATA = 'https://mcp.example.com/.well-known/oauth-protected-resource/mcp';
const algorithms = ['ES256', 'EdDSA'];
const accept = { mode: 'accept', algorithms } as const;
const require = { mode: 'require', algorithms } as const;
const metadata = { resource_metadata: METADATA };

function challenges(options: Partial<FormatChallengesOptions>): Challenge[] {
  return parseChallengeLines(formatChallenges({ resourceMetadata: METADATA, ...options }));
}

describe('formatChallenges', () => {
  it('offers Bearer alone when DPoP is off (A-01)', () => {
    const bearer = [{ scheme: 'Bearer', params: { ...metadata, scope: 'a b' } }];
    expect(challenges({ scope: 'a b' })).toEqual(bearer);
    expect(challenges({ scope: 'a b', dpop: { mode: 'off', algorithms }, attempted: 'dpop' })).toEqual(bearer);
  });

  it('offers Bearer and DPoP in a line each when both are possible, DPoP with its algorithms (A-39)', () => {
    expect(challenges({ scope: 'a', dpop: accept })).toEqual([
      { scheme: 'Bearer', params: { ...metadata, scope: 'a' } },
      { scheme: 'DPoP', params: { ...metadata, scope: 'a', algs: 'ES256 EdDSA' } },
    ]);
  });

  it('offers DPoP alone when it is required (E-30)', () => {
    expect(
      challenges({ error: 'invalid_token', description: 'Bind it.', scope: 'a', dpop: require, attempted: 'bearer' }),
    ).toEqual([
      {
        scheme: 'DPoP',
        params: { error: 'invalid_token', error_description: 'Bind it.', scope: 'a', ...metadata, algs: 'ES256 EdDSA' },
      },
    ]);
    expect(challenges({ dpop: require }).map(({ scheme }) => scheme)).toEqual(['DPoP']);
  });

  it('says what was wrong in the challenge of the scheme that was used (RFC 9449 §7.1, RFC 6750 §3)', () => {
    for (const error of ['invalid_token', 'invalid_request', 'insufficient_scope'] as const) {
      const errors = (attempted: 'bearer' | 'dpop' | undefined): (string | undefined)[] =>
        challenges({ error, description: 'No.', scope: 'a', dpop: accept, attempted }).map(
          ({ params }) => params['error'],
        );
      expect(errors('bearer')).toEqual([error, undefined]);
      expect(errors('dpop')).toEqual([undefined, error]);
      expect(errors(undefined)).toEqual([error, error]);
    }
    const [, other] = challenges({ error: 'invalid_token', description: 'No.', dpop: accept, attempted: 'bearer' });
    expect(other?.params).not.toHaveProperty('error_description');
  });

  it('answers what is wrong with a proof by DPoP alone: the token is bound (E-05, E-26)', () => {
    for (const error of ['invalid_dpop_proof', 'use_dpop_nonce'] as const) {
      expect(challenges({ error, description: 'No.', scope: 'a', dpop: accept, attempted: 'dpop' })).toEqual([
        { scheme: 'DPoP', params: { error, error_description: 'No.', ...metadata, algs: 'ES256 EdDSA' } },
      ]);
    }
  });

  it('names no algorithm that is none, and never more than 2 KiB in a line (I-10)', () => {
    const [, dpop] = challenges({ dpop: { mode: 'accept', algorithms: ['ES256', 'a b', 'x"y', '', 'x'.repeat(33)] } });
    expect(dpop?.params['algs']).toBe('ES256');
    const scope = Array.from({ length: 10_000 }, (_, index) => `scope:${index}`);
    for (const line of formatChallenges({
      resourceMetadata: METADATA,
      error: 'insufficient_scope',
      scope,
      dpop: accept,
    }))
      expect(line.length).toBeLessThanOrEqual(2_048);
  });

  it('is a list of challenges for a strict parser, joined or not, whatever goes in (A-25, A-26)', () => {
    const text = fc.string({ unit: 'binary' });
    const options = fc.record({
      error: fc.constantFrom(
        ...(['invalid_request', 'invalid_token', 'insufficient_scope', 'insufficient_user_authentication'] as const),
        ...(['invalid_dpop_proof', 'use_dpop_nonce', undefined] as const),
      ),
      description: text,
      scope: fc.oneof(text, fc.array(text)),
      resourceMetadata: text,
      dpop: fc.record({ mode: fc.constantFrom('off', 'accept', 'require'), algorithms: fc.array(text) }),
      attempted: fc.constantFrom('bearer', 'dpop', undefined),
      signIn: fc.record({ acrValues: fc.array(text), maxAgeSeconds: fc.nat() }),
    });
    fc.assert(
      fc.property(options, (given) => {
        const parsed = parseChallengeLines(formatChallenges(given));
        expect(parsed.length).toBeGreaterThan(0);
        for (const { params } of parsed) expect(params).toHaveProperty('resource_metadata');
        expect(parsed.some(({ params }) => params['error'] !== undefined)).toBe(given.error !== undefined);
      }),
      { numRuns: 1_000 },
    );
  });
});
