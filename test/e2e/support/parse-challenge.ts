import { parseChallengeLines, type Challenge } from '../../../packages/token/test/support/parse-challenges.ts';

export { parseChallengeLines };

/** Parses a `WWW-Authenticate` field that must hold exactly one challenge, as strictly as RFC 9110 §11.6.1 allows. Throws for anything else. */
export function parseChallenge(field: string): Challenge {
  return parseChallengeLines([field])[0] as Challenge;
}
