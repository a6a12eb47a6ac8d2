import { expect, test } from 'vitest';

import { createInvalidTokens, expectedReason } from '../../src/flood/invalid-tokens.ts';
import type { InvalidKind } from '../../src/flood/protocol.ts';
import { runFlood } from '../../src/flood/run-flood.ts';
import { createBenchAuthenticator } from '../../src/token-checks/guard-subjects.ts';
import { benchClaims } from '../../src/tokens/bench-claims.ts';
import { startIssuer } from '../../src/tokens/issuer.ts';
import { createSigningKey, readPrivateKey, signToken } from '../../src/tokens/signing-key.ts';

const key = createSigningKey('RS256');

test.each(Object.keys(expectedReason) as InvalidKind[])('No two tokens of the kind %s are the same.', (kind) => {
  const next = createInvalidTokens('http://issuer', key)[kind];
  expect(new Set(Array.from({ length: 100 }, next)).size).toBe(100);
});

test('The guard refuses every kind for its reason, and a good token shows up as a wrong outcome.', async () => {
  const issuer = await startIssuer(key.jwks);
  const authenticator = createBenchAuthenticator(issuer);
  try {
    const invalid = createInvalidTokens(issuer.issuer, key);
    for (const kind of Object.keys(expectedReason) as InvalidKind[]) {
      expect(await runFlood(authenticator, invalid[kind], 40, expectedReason[kind])).toBeUndefined();
    }
    const good = signToken(readPrivateKey(key), benchClaims(issuer.issuer));
    expect(await runFlood(authenticator, () => good, 1, 'bad_signature')).toContain('an accepted token');
    expect(await runFlood(authenticator, invalid.garbage, 1, 'bad_signature')).toContain('malformed_token');
  } finally {
    authenticator.close();
    await issuer.close();
  }
});
