import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { SetupError } from '@sallyport/core';
import { readSmallFile } from '../files/read-small-file.ts';
import { errorText } from '../log/error-code.ts';
import { parseVerifierKey, type NoteVerifier } from '../note/verifier-key.ts';
import { packedProblem, packedSegments } from '../segment/packed-segments.ts';
import { isOriginOf, readClaim, streamOf, type Claim, type ReadClaimOptions } from './claim.ts';
import { Findings } from './findings.ts';
import { takeInventory, type Inventory, type StreamFiles } from './inventory.ts';
import { StreamVerifier } from './stream-verifier.ts';
import { parseKeys, type VerifyAuditLogOptions } from './verify-options.ts';
import { noVerifyCounts, type VerifyReport, type VerifyStream } from './verify-report.ts';

/**
 * Verifies an audit log, live or copied, offline and in bounded memory: changes nothing. Content (the tree of the lines against every
 * checkpoint), signer, time and completeness are judged apart. Several kinds of damage have a code each: see `VerifyFindingCode`.
 *
 * What it can not show: that nobody who holds the signing key rewrote the log. Only `checkpoints` from outside can.
 *
 * @throws SetupError `ERR_AUDIT_DIRECTORY` when the directory can not be read or holds no log, `ERR_AUDIT_KEY` when a key of the
 * options is none.
 */
export async function verifyAuditLog(directory: string, options: VerifyAuditLogOptions = {}): Promise<VerifyReport> {
  const { stream: wanted, onProgress } = options;
  const { pinned, witnesses } = parseKeys(options);
  const inventory = await takeInventory(directory);
  const findings = new Findings();
  const verifiers = [...pinned, ...witnesses, ...(await keysBeside(directory, inventory, findings))];
  const all = [...inventory.streams.values()].filter(({ stream }) => wanted === undefined || stream === wanted);
  if (all.every(({ segments }) => segments.length === 0)) throw noLog(directory, wanted);
  const held = (options.checkpoints ?? []).map(({ source, note }) =>
    readClaim(note, { source, external: true, verifiers }, findings),
  );
  const allBytes = await sizeOf(directory, all);
  const streams: VerifyStream[] = [];
  const known = new Set<Claim | undefined>();
  let bytes = 0;
  for (const files of all) {
    const own = await ownClaims(directory, files, verifiers, findings);
    const origins = new Set(own.map(({ checkpoint }) => checkpoint.origin));
    const external = held.filter((claim): claim is Claim => claim !== undefined && isOf(claim, files.stream, origins));
    for (const claim of external) known.add(claim);
    const claims = [...own, ...external];
    const onBytes = (count: number): void => {
      bytes += count;
      onProgress?.(bytes, allBytes);
    };
    streams.push(await new StreamVerifier({ directory, files, claims, pinned, witnesses, findings, onBytes }).verify());
  }
  for (const claim of held) {
    if (claim === undefined || known.has(claim) || claim.checkpoint.size === 0) continue;
    const { origin, size } = claim.checkpoint;
    if (wanted !== undefined && !isOriginOf(origin, wanted)) continue;
    const problem = `the checkpoint covers ${size} records of ${origin}, which are not here`;
    findings.add('missing_stream', wanted ?? streamOf(origin), { file: claim.source, problem });
  }
  for (const { stream, file } of await packedSegments(directory, wanted)) {
    findings.add('unreadable', stream, { file, problem: packedProblem });
  }
  for (const name of inventory.foreign) {
    findings.add('foreign_file', '', { file: name, problem: 'the file is no part of an audit log' });
  }
  return summed(streams, findings, bytes);
}

async function keysBeside(directory: string, inventory: Inventory, findings: Findings): Promise<NoteVerifier[]> {
  const keys: NoteVerifier[] = [];
  for (const file of inventory.publicKeys) {
    try {
      keys.push(parseVerifierKey((await readSmallFile(join(directory, file)))?.text ?? ''));
    } catch (error) {
      findings.add('key_unknown', '', { file, problem: `the file holds no public key: ${errorText(error)}` });
    }
  }
  return keys;
}

async function ownClaims(
  directory: string,
  files: StreamFiles,
  verifiers: readonly NoteVerifier[],
  findings: Findings,
): Promise<Claim[]> {
  const { stream } = files;
  const claims: Claim[] = [];
  const read = async (source: string, firstSeq?: number): Promise<void> => {
    const options: ReadClaimOptions = {
      source,
      external: false,
      stream,
      verifiers,
      ...(firstSeq !== undefined && { firstSeq }),
    };
    try {
      const claim = readClaim((await readSmallFile(join(directory, source)))?.text ?? '', options, findings);
      if (claim !== undefined) claims.push(claim);
    } catch (error) {
      findings.add('unreadable', stream, {
        file: source,
        problem: `the checkpoint can not be read (${errorText(error)})`,
      });
    }
  };
  for (const [firstSeq, file] of files.checkpoints) await read(file, firstSeq);
  for (const file of files.handovers) await read(file);
  return claims;
}

/** An external checkpoint is of a stream when it has one of its origins, or, without any to compare with, its name. */
function isOf({ checkpoint }: Claim, stream: string, origins: ReadonlySet<string>): boolean {
  return origins.size === 0 ? isOriginOf(checkpoint.origin, stream) : origins.has(checkpoint.origin);
}

function summed(streams: readonly VerifyStream[], findings: Findings, bytes: number): VerifyReport {
  const sum = noVerifyCounts();
  for (const stream of streams) {
    for (const name of Object.keys(sum) as (keyof typeof sum)[]) sum[name] += stream[name];
  }
  const verdicts = {
    content: findings.verdict('content'),
    signer: findings.verdict('signer'),
    time: findings.verdict('time'),
    completeness: findings.verdict('completeness'),
  };
  const seen = new Set(Object.values(verdicts));
  const exitCode = seen.has('FAIL') ? 1 : seen.has('UNCHECKED') ? 2 : seen.has('UNCONFIRMED') ? 3 : 0;
  return { ...verdicts, exitCode, ...sum, bytes, streams, ...findings.list() };
}

async function sizeOf(directory: string, streams: readonly StreamFiles[]): Promise<number> {
  const files = streams.flatMap(({ segments }) => segments.map(({ file }) => join(directory, file)));
  const sizes = await Promise.all(
    files.map((file) =>
      stat(file).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

function noLog(directory: string, stream: string | undefined): SetupError {
  return new SetupError({
    code: 'ERR_AUDIT_DIRECTORY',
    file: directory,
    problem: stream === undefined ? 'there is no audit log: no audit-*.jsonl file' : `there is no stream ${stream}`,
    remedy: 'name the directory of audit.directory in the config',
  });
}
