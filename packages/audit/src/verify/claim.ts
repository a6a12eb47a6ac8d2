import { openedExtension, parseCheckpoint, type Checkpoint } from '../checkpoint/checkpoint-body.ts';
import { NoteError } from '../note/note-error.ts';
import { parseNote } from '../note/signed-note.ts';
import type { NoteVerifier } from '../note/verifier-key.ts';
import type { Findings } from './findings.ts';
import type { VerifyCheckpoint } from './verify-report.ts';

/** One checkpoint: what it claims about a stream, who signed it, and what the lines say to it. */
export interface Claim {
  /** File name, or the path of one that was handed in. */
  readonly source: string;
  readonly external: boolean;
  /** First sequence number of the segment it belongs to; absent when it was handed in. */
  readonly firstSeq?: number;
  readonly checkpoint: Checkpoint;
  /** Base64. */
  readonly root: string;
  /** The log's own signature: the key's name is the origin. `key`: identity of the key by which it was verified. */
  readonly signedBy: { readonly keyId: string; readonly key: string | undefined };
  /** Keys whose signatures hold: see `identityOf`. */
  readonly verified: ReadonlySet<string>;
  result: VerifyCheckpoint['result'];
}

export interface ReadClaimOptions {
  readonly source: string;
  readonly external: boolean;
  readonly firstSeq?: number;
  /** Stream whose files it lies beside; what it says must be about that one. */
  readonly stream?: string;
  /** Pinned keys, keys found beside the log, and witnesses. */
  readonly verifiers: readonly NoteVerifier[];
}

/** What tells a key from every other. A key id of four bytes does not: another key can be searched for until it has the same. */
export function identityOf(key: NoteVerifier): string {
  return 'vkey' in key && typeof key.vkey === 'string' ? key.vkey : `${key.name}+${key.keyId}`;
}

/** Whether an origin is one of a stream: `<audit.origin>/<stream>`, or of a mirror `<audit.origin>/<stream>/mirror`. */
export function isOriginOf(origin: string, stream: string): boolean {
  return origin.endsWith(`/${stream}`) || origin.endsWith(`/${stream}/mirror`);
}

/** The stream that an origin names, as far as its text tells. */
export function streamOf(origin: string): string {
  const log = origin.endsWith('/mirror') ? origin.slice(0, -'/mirror'.length) : origin;
  return log.slice(log.lastIndexOf('/') + 1);
}

/** True for the note with which a start says that it goes on behind the last checkpoint. */
export function isOpening({ checkpoint }: Claim): boolean {
  return checkpoint.extensions?.includes(openedExtension) === true;
}

/** Reads a checkpoint. One that is worth nothing becomes a finding, and nothing it says is used. */
export function readClaim(note: string | Uint8Array, options: ReadClaimOptions, findings: Findings): Claim | undefined {
  const { source, external, firstSeq, stream = '', verifiers } = options;
  const refuse = (
    code: 'checkpoint_malformed' | 'signature_missing' | 'signature_invalid',
    problem: string,
  ): undefined => {
    findings.add(code, stream, { file: source, problem });
    return undefined;
  };
  let parsed: ReturnType<typeof parseNote>;
  let checkpoint: Checkpoint;
  try {
    parsed = parseNote(note);
    checkpoint = parseCheckpoint(parsed.text);
  } catch (error) {
    if (!(error instanceof NoteError)) throw error;
    if (isUnsigned(note)) return refuse('signature_missing', 'the checkpoint has no signature');
    return refuse('checkpoint_malformed', `the checkpoint can not be read: ${error.message}`);
  }
  const { origin } = checkpoint;
  if (stream !== '' && !isOriginOf(origin, stream)) {
    return refuse('checkpoint_malformed', `the checkpoint is of another log, ${origin}`);
  }
  const message = Buffer.from(parsed.text, 'utf8');
  const verified = new Set<string>();
  let ownKey: string | undefined;
  for (const { name, keyId, signature } of parsed.signatures) {
    const known = verifiers.filter((key) => key.name === name && key.keyId === keyId);
    if (known.length === 0) continue;
    const holding = known.find((key) => key.verify(message, signature));
    if (holding === undefined) return refuse('signature_invalid', `the signature of ${name} (${keyId}) does not hold`);
    verified.add(identityOf(holding));
    if (name === origin) ownKey ??= identityOf(holding);
  }
  const own = parsed.signatures.find(({ name }) => name === origin);
  if (own === undefined) return refuse('signature_missing', `the log ${origin} has not signed the checkpoint`);
  return {
    source,
    external,
    ...(firstSeq !== undefined && { firstSeq }),
    checkpoint,
    root: Buffer.from(checkpoint.root).toString('base64'),
    signedBy: { keyId: own.keyId, key: ownKey },
    verified,
    result: 'unchecked',
  };
}

/** A claim as the report shows it. */
export function reportedClaim(claim: Claim): VerifyCheckpoint {
  const { source, external, checkpoint, root, result, verified } = claim;
  return { source, external, origin: checkpoint.origin, size: checkpoint.size, root, result, signers: [...verified] };
}

/** True for the bare text of a checkpoint: its signature lines were taken away. */
function isUnsigned(note: string | Uint8Array): boolean {
  const text = typeof note === 'string' ? note : Buffer.from(note).toString('utf8');
  try {
    parseCheckpoint(`${text.trimEnd()}\n`);
    return true;
  } catch {
    return false;
  }
}
