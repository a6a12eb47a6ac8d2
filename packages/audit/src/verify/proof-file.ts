import { isJsonObject, member, SetupError } from '@sallyport/core';
import { decodeBase64 } from '../note/base64.ts';

/** Records, and what shows that they stand in a log whose checkpoint somebody signed. One for each stream. */
export interface StreamProof {
  readonly stream: string;
  /** The signed note: origin, size and root of the tree. */
  readonly checkpoint: string;
  readonly records: readonly RecordProof[];
}

export interface RecordProof {
  /** Place of the leaf: the sequence number. */
  readonly index: number;
  /** The record as it stands in the log, without its line feed. Its bytes in UTF-8 are what is hashed. */
  readonly line: string;
  /** Inclusion proof of RFC 9162 §2.1.3.1, Base64, lowest first. */
  readonly proof: readonly string[];
}

/** The content of a proof file. */
export interface ProofFile {
  readonly v: 1;
  readonly kind: 'sallyport-audit-proof';
  readonly streams: readonly StreamProof[];
}

/**
 * Reads a proof file.
 *
 * @throws SetupError `ERR_AUDIT_DAMAGED` when it is none.
 */
export function parseProofFile(text: string, file: string): ProofFile {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw noProof(file, cause);
  }
  const streams = member(value, 'streams');
  const known = isJsonObject(value) && member(value, 'v') === 1 && member(value, 'kind') === 'sallyport-audit-proof';
  if (!known || !Array.isArray(streams) || !streams.every(isStreamProof)) throw noProof(file);
  return value as ProofFile;
}

function isStreamProof(value: unknown): boolean {
  const records = member(value, 'records');
  return (
    typeof member(value, 'stream') === 'string' &&
    typeof member(value, 'checkpoint') === 'string' &&
    Array.isArray(records) &&
    records.every(isRecordProof)
  );
}

function isRecordProof(value: unknown): boolean {
  const proof = member(value, 'proof');
  return (
    Number.isSafeInteger(member(value, 'index')) &&
    typeof member(value, 'line') === 'string' &&
    Array.isArray(proof) &&
    proof.every((hash: unknown) => typeof hash === 'string' && decodeBase64(hash) !== undefined)
  );
}

function noProof(file: string, cause?: unknown): SetupError {
  return new SetupError({
    code: 'ERR_AUDIT_DAMAGED',
    file,
    problem: 'the file is no proof as `sallyport audit prove` writes it',
    remedy: 'make it again from the log',
    cause,
  });
}
