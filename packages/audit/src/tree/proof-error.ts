/** A proof that does not hold: what it is about is not what it claims to be. */
export class ProofError extends Error {
  override readonly name = 'ProofError';
}
