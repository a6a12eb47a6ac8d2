import { compactVerify, errors } from 'jose';
import { Refusal } from '@sallyport/core';
import type { VerificationKey } from '../keys/verification-key.ts';

/**
 * Verifies the signature of a compact JWS with one key and one algorithm, both already chosen; the header decides nothing here.
 *
 * Throws `Refusal`: the key's own problem (`weak_key`, `bad_signature`) before any cryptography, else `bad_signature`.
 */
export async function verifySignature(token: string, key: VerificationKey, algorithm: string): Promise<void> {
  const { material } = key;
  if ('problem' in material) throw new Refusal(material.reason, { detail: { problem: material.problem } });
  try {
    await compactVerify(token, material, { algorithms: [algorithm] });
  } catch (cause) {
    // Whatever else the library objects to is not a verified signature either.
    const problem =
      cause instanceof errors.JWSSignatureVerificationFailed
        ? 'the signature does not match'
        : 'the signature can not be verified';
    throw new Refusal('bad_signature', { detail: { problem }, cause });
  }
}
