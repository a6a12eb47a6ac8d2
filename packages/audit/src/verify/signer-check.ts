import type { NoteVerifier } from '../note/verifier-key.ts';
import { identityOf, type Claim } from './claim.ts';
import type { Findings } from './findings.ts';

/** An `audit.key_rotated` record about the signing key: ids of the keys, and the new one itself where it is told. */
export interface SigningRotation {
  readonly seq: number;
  readonly from: string;
  readonly to: string;
  readonly newKey: string | undefined;
}

export interface SignerCheckOptions {
  readonly stream: string;
  /** Well-formed ones without a signature that does not hold, whatever the lines say to them. */
  readonly claims: readonly Claim[];
  readonly rotations: readonly SigningRotation[];
  /** Keys somebody vouches for. */
  readonly pinned: readonly NoteVerifier[];
  readonly witnesses: readonly NoteVerifier[];
}

/** Judges who signed the checkpoints of a stream. Returns the name of the key behind the newest matching one. */
export function checkSigners(options: SignerCheckOptions, findings: Findings): string | undefined {
  const { stream, claims, rotations, pinned, witnesses } = options;
  if (claims.length === 0) findings.add('unsigned', stream, { problem: 'there is no checkpoint with a signature' });
  const ordered = claims.toSorted((a, b) => a.checkpoint.size - b.checkpoint.size);
  const trusted = trustedKeys(ordered, rotations, pinned.map(identityOf));
  // Nobody vouches for the first key; still, those that it vouches for are as good as it is.
  const first = ordered.find(({ signedBy }) => signedBy.key !== undefined)?.signedBy.key;
  const following = first === undefined ? trusted : trustedKeys(ordered, rotations, [first]);
  const told = new Set<string>();
  let last: string | undefined;
  for (const claim of ordered) {
    const { source: file, signedBy, checkpoint } = claim;
    const { keyId, key } = signedBy;
    const before = last;
    last = keyId;
    if ((key !== undefined && trusted.has(key)) || told.has(key ?? keyId)) continue;
    const rotated = rotations.some(({ to, seq }) => to === keyId && seq < checkpoint.size);
    if (key !== undefined && key !== first && following.has(key) && told.has(first ?? '')) continue;
    const pinnedId = pinned.find(({ name }) => name === checkpoint.origin)?.keyId;
    const expected = pinnedId ?? before ?? keyId;
    told.add(key ?? keyId);
    if (expected === keyId && pinnedId === undefined) {
      const code = key === undefined ? 'key_unknown' : 'key_unpinned';
      const held = key === undefined ? 'that is not here' : 'beside the log, where others could replace it';
      findings.add(code, stream, { file, problem: `signed by ${checkpoint.origin} (${keyId}): a key ${held}` });
    } else if (rotated) {
      const problem = `signed by key ${keyId}: the log says that it follows ${expected}, which has not signed for it`;
      findings.add('rotation_unproven', stream, { file, problem });
    } else {
      const problem = `signed by key ${keyId}, expected ${expected}: no record tells of a rotation`;
      findings.add('key_changed', stream, { file, problem });
    }
  }
  const matching = ordered.filter(({ result }) => result === 'matched');
  for (const witness of witnesses) {
    if (matching.some(({ verified }) => verified.has(identityOf(witness)))) continue;
    findings.add('witness_missing', stream, { problem: `no matching checkpoint is signed by ${witness.name}` });
  }
  return matching.at(-1)?.checkpoint.origin;
}

/** The keys somebody vouches for, and those that follow from them: named by a record that a checkpoint of a trusted key covers. */
function trustedKeys(
  claims: readonly Claim[],
  rotations: readonly SigningRotation[],
  vouchedFor: readonly string[],
): ReadonlySet<string> {
  const trusted = new Set(vouchedFor);
  for (const { seq, newKey } of rotations) {
    const proven = claims.some(
      ({ checkpoint, signedBy, result }) =>
        result === 'matched' && checkpoint.size > seq && signedBy.key !== undefined && trusted.has(signedBy.key),
    );
    if (newKey !== undefined && proven) trusted.add(newKey);
  }
  return trusted;
}
