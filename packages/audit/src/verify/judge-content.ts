import type { Claim } from './claim.ts';
import type { ContentCheck } from './content-check.ts';
import type { Findings } from './findings.ts';
import type { StreamFiles } from './inventory.ts';
import type { SignedFacts } from './signed-facts.ts';

export interface JudgeContentOptions {
  readonly files: StreamFiles;
  readonly content: ContentCheck;
  readonly claims: readonly Claim[];
  readonly signed: SignedFacts;
  /** The number that would come next. */
  readonly nextSeq: number;
}

/** Says what it means that lines and checkpoints of a stream agree or not. */
export function judgeContent(options: JudgeContentOptions, findings: Findings): void {
  const { files, content } = options;
  const { stream } = files;
  for (const size of content.wrongFrontiers) {
    const problem = `the tree at record ${size} that is written down is not that of the lines before it`;
    findings.add('frontier_altered', stream, { file: files.frontiers.get(size), problem });
  }
  judgeMismatches(options, findings);
  judgeOrder(options, findings);
  judgeBeginning(options, findings);
  judgeEnd(options, findings);
}

function judgeMismatches({ files, content, claims }: JudgeContentOptions, findings: Findings): void {
  const { stream } = files;
  const forked = new Set<Claim>();
  for (const claim of claims) {
    const { size } = claim.checkpoint;
    const rival = claims.find((other) => other.checkpoint.size === size && other.root !== claim.root);
    const later = content.contradicted.get(claim);
    if (rival === undefined && later === undefined) continue;
    forked.add(claim);
    if (rival !== undefined && forked.has(rival)) continue;
    const problem =
      rival === undefined
        ? `its first ${size} records are not those of the log, though ${later?.source} confirms the log`
        : `${rival.source} has another root for the same ${size} records`;
    findings.add('forked', stream, { file: claim.source, problem });
  }
  let told = -1;
  for (const { from, to, claim } of content.mismatches) {
    // A root that is wrong makes all later ones wrong.
    if (forked.has(claim) || from < told) continue;
    told = to;
    if (from === to) {
      const problem = `the tree at record ${to} that is written down does not have the root of ${claim.source}`;
      findings.add('frontier_altered', stream, { file: files.frontiers.get(to), problem });
      continue;
    }
    const problem = `records ${from} to ${to - 1} do not give its root`;
    findings.add('altered', stream, { file: claim.source, seq: from, problem });
  }
}

/** The checkpoint beside a segment was taken while it was open. */
function judgeOrder({ files, claims }: JudgeContentOptions, findings: Findings): void {
  const starts = files.segments.map(({ firstSeq }) => firstSeq);
  for (const { firstSeq, checkpoint, source } of claims) {
    if (firstSeq === undefined) continue;
    const next = starts.find((start) => start > firstSeq) ?? Number.POSITIVE_INFINITY;
    if (checkpoint.size >= firstSeq && checkpoint.size <= next) continue;
    const problem = `it covers ${checkpoint.size} records; one of this segment covers ${firstSeq} to ${next}`;
    findings.add('checkpoint_order', files.stream, { file: source, problem });
  }
}

function judgeBeginning({ files, claims, signed }: JudgeContentOptions, findings: Findings): void {
  const { stream, segments } = files;
  const first = segments[0]?.firstSeq ?? 0;
  if (first > 0 && signed.retainedFrom >= first) {
    findings.add('retained', stream, { problem: `retention deleted the records before ${first}` });
  } else if (first > 0) {
    const problem = `the log begins with record ${first}, and no record says that retention deleted those before`;
    findings.add('no_beginning', stream, { file: segments[0]?.file, problem });
  }
  for (const { external, checkpoint, source } of claims) {
    if (!external || checkpoint.size >= first) continue;
    const problem = `it covers ${checkpoint.size} records, all of them before the first one here`;
    findings.add('checkpoint_before_log', stream, { file: source, problem });
  }
}

function judgeEnd({ files, content, claims, signed, nextSeq }: JudgeContentOptions, findings: Findings): void {
  const { stream } = files;
  const beyond = claims.filter(({ checkpoint }) => checkpoint.size > nextSeq);
  const most = beyond.toSorted((a, b) => b.checkpoint.size - a.checkpoint.size)[0];
  if (most !== undefined) {
    const { size } = most.checkpoint;
    const problem = `it covers ${size} records, the log ends with record ${nextSeq - 1}`;
    findings.add('truncated', stream, { file: most.source, seq: nextSeq, problem });
  }
  if (claims.length === 0) {
    findings.add('no_checkpoint', stream, { problem: 'there is no checkpoint of these records' });
    return;
  }
  for (const { from, to } of signed.adopted) {
    const problem = `records ${from} to ${to - 1} were taken over by a later start: nothing shows who wrote them`;
    findings.add('adopted_unsigned', stream, { seq: from, problem });
  }
  if (signed.closedAt !== undefined && signed.closedAt < nextSeq) {
    const problem = `records from ${signed.closedAt} on follow the signed end of the log, and no start is signed that goes on there`;
    findings.add('unsigned_after_close', stream, { seq: signed.closedAt, problem });
  }
  for (const { from, to } of content.uncovered) {
    const end = to === nextSeq;
    const problem = end
      ? `records ${from} to ${to - 1} follow the newest checkpoint`
      : `no checkpoint covers records ${from} to ${to - 1}`;
    findings.add(end ? 'unsigned_tail' : 'not_covered', stream, { seq: from, problem });
  }
  const external = claims.filter((claim) => claim.external && claim.result === 'matched');
  const newest = Math.max(0, ...external.map(({ checkpoint }) => checkpoint.size));
  if (newest > 0 && newest < nextSeq) {
    const problem = `the newest checkpoint from outside covers ${newest} records; the ${nextSeq - newest} after them rest on the log's own`;
    findings.add('checkpoint_older', stream, { problem });
  }
}
