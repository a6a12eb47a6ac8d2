import { isUtf8 } from 'node:buffer';
import { decodeBase64 } from '../note/base64.ts';
import type { NoteVerifier } from '../note/verifier-key.ts';
import { leafHash } from '../tree/hash-leaf.ts';
import { ProofError } from '../tree/proof-error.ts';
import { verifyInclusion } from '../tree/verify-proof.ts';
import { readClaim, reportedClaim, streamOf, type Claim } from './claim.ts';
import { Findings } from './findings.ts';
import { parseKeys, type HeldCheckpoint, type VerifyAuditLogOptions } from './verify-options.ts';
import type { ProofFile, StreamProof } from './proof-file.ts';
import { RecordScanner } from './scan-record.ts';
import { checkSigners } from './signer-check.ts';
import type { VerifyCheckpoint, VerifyFinding, VerifyVerdict } from './verify-report.ts';

/** What the verification of a proof file found. It says nothing about records that are not in it. */
export interface ProofReport {
  readonly content: VerifyVerdict;
  readonly signer: VerifyVerdict;
  /** 0: all confirmed. 1: refuted. 3: nothing refuted, something unconfirmed. */
  readonly exitCode: 0 | 1 | 3;
  readonly records: number;
  /** Records whose line leads to the root that was signed. */
  readonly proven: number;
  readonly checkpoints: readonly VerifyCheckpoint[];
  readonly findings: readonly VerifyFinding[];
  readonly omittedFindings: number;
}

export type VerifyProofFileOptions = Pick<VerifyAuditLogOptions, 'keys' | 'witnesses' | 'checkpoints'>;

/**
 * Verifies a proof file, without the log. A checkpoint from outside must be of the size the proof is made for.
 *
 * @throws SetupError `ERR_AUDIT_KEY` when a key of the options is none.
 */
export function verifyProofFile(file: ProofFile, options: VerifyProofFileOptions = {}): ProofReport {
  const { pinned, witnesses } = parseKeys(options);
  const findings = new Findings();
  const checkpoints: VerifyCheckpoint[] = [];
  let records = 0;
  let proven = 0;
  for (const one of file.streams) {
    records += one.records.length;
    const claim = readClaim(
      one.checkpoint,
      { source: 'the proof', external: false, stream: one.stream, verifiers: [...pinned, ...witnesses] },
      findings,
    );
    if (claim === undefined) continue;
    const good = one.records.filter((record) => isProven(one, record, claim, findings)).length;
    proven += good;
    claim.result = good === one.records.length ? 'matched' : 'mismatched';
    compareHeld(claim, options.checkpoints ?? [], pinned, findings);
    checkSigners({ stream: one.stream, claims: [claim], rotations: [], pinned, witnesses }, findings);
    checkpoints.push(reportedClaim(claim));
  }
  const content = findings.verdict('content');
  const signer = findings.verdict('signer');
  const exitCode = content === 'FAIL' || signer === 'FAIL' ? 1 : content === 'PASS' && signer === 'PASS' ? 0 : 3;
  return { content, signer, exitCode, records, proven, checkpoints, ...findings.list() };
}

function isProven(
  { stream }: StreamProof,
  { index, line, proof }: StreamProof['records'][number],
  { checkpoint }: Claim,
  findings: Findings,
): boolean {
  const bytes = Buffer.from(line, 'utf8');
  try {
    verifyInclusion({
      leaf: leafHash(bytes),
      index,
      size: checkpoint.size,
      root: checkpoint.root,
      proof: proof.map((hash) => decodeBase64(hash) ?? Buffer.alloc(0)),
    });
  } catch (error) {
    if (!(error instanceof ProofError)) throw error;
    findings.add('not_included', stream, { seq: index, problem: error.message });
    return false;
  }
  const scanner = new RecordScanner();
  const problem = isUtf8(bytes) ? scanner.parse(bytes) : 'the line is not UTF-8';
  if (problem === undefined && scanner.seq === index && scanner.stream === stream) return true;
  findings.add('not_included', stream, { seq: index, problem: problem ?? 'the record is of another place' });
  return false;
}

/** A checkpoint from outside of the same size settles it; of another size it says nothing about this proof. */
function compareHeld(
  claim: Claim,
  held: readonly HeldCheckpoint[],
  verifiers: readonly NoteVerifier[],
  findings: Findings,
): void {
  for (const { source, note } of held) {
    const other = readClaim(note, { source, external: true, verifiers }, findings);
    if (other === undefined) continue;
    const { origin, size } = claim.checkpoint;
    const stream = streamOf(origin);
    if (other.checkpoint.origin !== origin || other.checkpoint.size !== size) {
      const problem = `it covers ${other.checkpoint.size} records of ${other.checkpoint.origin}, the proof is made for ${size}`;
      findings.add('not_covered', stream, { file: source, problem });
    } else if (other.root !== claim.root) {
      const problem = `two checkpoints of ${size} records have different roots: ${source} and the proof's`;
      findings.add('forked', stream, { file: source, problem });
    }
  }
}
