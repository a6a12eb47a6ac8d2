/**
 * The small primes by which the keys of one broken generator can be told (CVE-2017-15361, ROCA): its primes have the form
 * k * M + (65537^a mod M), so the modulus is a power of 65537 modulo every prime that divides M.
 */
const primes: readonly number[] = [
  3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109, 113,
  127, 131, 137, 139, 149, 151, 157, 163, 167,
];

const generator = 65_537;

/** For each prime the residues that are powers of 65537. */
const powers: ReadonlyMap<number, ReadonlySet<number>> = new Map(primes.map((prime) => [prime, powersModulo(prime)]));

/** Whether an RSA modulus has the fingerprint of a ROCA key. One in many millions of sound keys has it by chance. */
export function hasRocaFingerprint(modulus: Buffer): boolean {
  return primes.every((prime) => powers.get(prime)?.has(residue(modulus, prime)) === true);
}

function powersModulo(prime: number): ReadonlySet<number> {
  const found = new Set<number>();
  for (let power = 1; !found.has(power); power = (power * generator) % prime) found.add(power);
  return found;
}

function residue(bytes: Buffer, prime: number): number {
  let rest = 0;
  for (const byte of bytes) rest = (rest * 256 + byte) % prime;
  return rest;
}
