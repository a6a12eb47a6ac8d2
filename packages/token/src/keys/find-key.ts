import { quote, refuse } from '../refuse.ts';
import type { KeySource } from './key-source.ts';
import { selectKey } from './key-set.ts';
import type { VerificationKey } from './verification-key.ts';

/**
 * The key of an issuer for a JWS, fetched if need be.
 *
 * Rejects with `Refusal`: `key_not_found`, `alg_not_allowed`; `idp_unavailable` or `closing` when the keys can not be had.
 */
export async function findKey(keys: KeySource, kid: string | undefined, algorithm: string): Promise<VerificationKey> {
  const held = keys.current();
  let key = selectKey(held ?? (await keys.get()), kid, algorithm);
  // Keys that were fetched for this very request are not fetched once more.
  if (key === undefined && held !== undefined) key = selectKey(await keys.getAfterUnknownKid(), kid, algorithm);
  if (key === undefined) throw refuse('key_not_found', 'the issuer has no key with this kid', { kid: quote(kid) });
  return key;
}
