import { hasRocaFingerprint } from './roca.ts';

/** Bounds for RSA keys (RFC 7518 §3.3); the upper ones bound the time a verification takes. */
const MIN_MODULUS_BITS = 2048;
const MAX_MODULUS_BITS = 8192;
const MAX_EXPONENT_BITS = 64;

/** Why a key whose form is right must not be used. */
export interface KeyProblem {
  readonly reason: 'weak_key' | 'bad_signature';
  readonly problem: string;
}

/**
 * Looks for what makes a well-formed key unusable. Such a key stays in the set, so that tokens that name it are refused for this reason.
 * `first` and `second` are the decoded `n` and `e` of an RSA key, or the coordinates of another.
 */
export function findKeyProblem(
  kty: string,
  first: Buffer | undefined,
  second: Buffer | undefined,
): KeyProblem | undefined {
  if (kty === 'RSA' && first !== undefined && second !== undefined) return rsaProblem(first, second);
  if (kty === 'OKP' && first !== undefined && isSmallOrder(first)) {
    return { reason: 'bad_signature', problem: 'the Ed25519 key has small order: a signature under it proves nothing' };
  }
  return undefined;
}

function rsaProblem(modulus: Buffer, exponent: Buffer): KeyProblem | undefined {
  const size = bitLength(modulus);
  if (size < MIN_MODULUS_BITS || size > MAX_MODULUS_BITS) return weak(`the RSA modulus has ${size} bits`);
  const exponentSize = bitLength(exponent);
  if (exponentSize < 2 || !isOdd(exponent) || !isOdd(modulus))
    return weak('the RSA modulus or exponent is even, or the exponent is 1');
  if (exponentSize > MAX_EXPONENT_BITS) return weak(`the RSA exponent has ${exponentSize} bits`);
  if (hasRocaFingerprint(modulus)) return weak('the RSA key was made by a broken generator (CVE-2017-15361)');
  return undefined;
}

function weak(problem: string): KeyProblem {
  return { reason: 'weak_key', problem };
}

function bitLength(bytes: Buffer): number {
  const start = bytes.findIndex((byte) => byte !== 0);
  return start === -1 ? 0 : (bytes.length - start) * 8 - (Math.clz32(bytes[start] ?? 0) - 24);
}

function isOdd(bytes: Buffer): boolean {
  return ((bytes.at(-1) ?? 0) & 1) === 1;
}

/** The y coordinates of the eight points of small order on edwards25519, little-endian, and of their non-canonical twins. */
const SMALL_ORDER: ReadonlySet<string> = new Set([
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
]);

/** Compares without the sign bit, which belongs to x. */
function isSmallOrder(point: Buffer): boolean {
  const y = Buffer.from(point);
  y[31] = (y[31] ?? 0) & 0x7f;
  return SMALL_ORDER.has(y.toString('hex'));
}
