import { join } from 'node:path';
import { parseFrontier } from '../checkpoint/frontier-file.ts';
import { readSmallFile } from '../files/read-small-file.ts';
import { errorText } from '../log/error-code.ts';
import type { NoteVerifier } from '../note/verifier-key.ts';
import type { SegmentName } from '../segment/segment-name.ts';
import type { TreeFrontier } from '../tree/tree.ts';
import { AttemptCheck } from './attempt-check.ts';
import { isOpening, reportedClaim, type Claim } from './claim.ts';
import { ContentCheck } from './content-check.ts';
import type { Findings } from './findings.ts';
import type { StreamFiles } from './inventory.ts';
import { judgeContent } from './judge-content.ts';
import { LogFacts } from './log-facts.ts';
import { readBlocks } from './read-blocks.ts';
import { SegmentVerifier, type StreamChecks } from './segment-verifier.ts';
import { SequenceCheck } from './sequence-check.ts';
import { SignedFacts } from './signed-facts.ts';
import { checkSigners } from './signer-check.ts';
import { TimeCheck } from './time-check.ts';
import { noVerifyCounts, type MutableVerifyCounts, type VerifyStream } from './verify-report.ts';

export interface StreamVerifierOptions {
  readonly directory: string;
  readonly files: StreamFiles;
  readonly claims: readonly Claim[];
  readonly pinned: readonly NoteVerifier[];
  readonly witnesses: readonly NoteVerifier[];
  readonly findings: Findings;
  /** Told the bytes of each block. */
  readonly onBytes: (count: number) => void;
}

/** Verifies one stream, segment by segment, in bounded memory. */
export class StreamVerifier {
  readonly #options: StreamVerifierOptions;
  readonly #checks: StreamChecks;
  readonly #counts: MutableVerifyCounts = noVerifyCounts();
  /** Ends of segments that a later record must explain: the file, and what is wrong. */
  readonly #unexplained: {
    readonly code: 'superseded' | 'torn_unexplained';
    readonly file: string;
    problem: string;
  }[] = [];
  #firstSeq: number | undefined;
  #lastSeq: number | undefined;
  #closed = false;
  /** Behind the highest number in a file that does not belong where it stands: those records are there, after all. */
  #misplacedTo = 0;

  constructor(options: StreamVerifierOptions) {
    this.#options = options;
    const { files, claims, findings } = options;
    const { stream } = files;
    this.#checks = {
      stream,
      findings,
      content: new ContentCheck(claims),
      sequence: new SequenceCheck(files.segments[0]?.firstSeq ?? 0),
      time: new TimeCheck(stream, findings),
      attempts: new AttemptCheck(stream, findings, this.#counts, (files.segments[0]?.firstSeq ?? 0) > 0),
      facts: new LogFacts(),
    };
  }

  async verify(): Promise<VerifyStream> {
    const { files, findings } = this.#options;
    const { segments, stream } = files;
    const others = new Set(segments.map(({ firstSeq }) => firstSeq));
    for (const [index, segment] of segments.entries()) {
      const limit = segments[index + 1]?.firstSeq ?? Number.POSITIVE_INFINITY;
      await this.#beginSegment(segment, index === 0);
      const verifier = new SegmentVerifier(this.#checks, segment, limit, others);
      try {
        for await (const block of readBlocks(join(this.#options.directory, segment.file))) {
          verifier.see(block);
          this.#options.onBytes(block.end - block.start);
        }
      } catch (error) {
        this.#checks.content.break();
        const problem = `the segment can not be read (${errorText(error)})`;
        findings.add('unreadable', stream, { file: segment.file, problem });
      }
      verifier.finish();
      this.#endSegment(segment, verifier, segments[index + 1]);
    }
    return this.#finish();
  }

  /** Takes the tree up at the beginning of a segment, where it is not known already. */
  async #beginSegment(segment: SegmentName, first: boolean): Promise<void> {
    const { content, stream, findings } = this.#checks;
    const { firstSeq } = segment;
    const frontier = await this.#frontier(firstSeq);
    if (first && firstSeq === 0) content.begin(0, { size: 0, hashes: [] });
    else if (first && frontier === undefined) {
      const problem = `the log begins with record ${firstSeq}, and the tree up to there is not written down`;
      findings.add('frontier_missing', stream, { file: segment.file, problem });
      content.begin(firstSeq, undefined);
    } else if (first || !content.intact) content.begin(firstSeq, frontier);
    else if (frontier !== undefined) content.compareFrontier(frontier);
  }

  async #frontier(firstSeq: number): Promise<TreeFrontier | undefined> {
    const { directory, files, findings } = this.#options;
    const file = files.frontiers.get(firstSeq);
    if (file === undefined) return undefined;
    try {
      const frontier = parseFrontier((await readSmallFile(join(directory, file)))?.text ?? '');
      if (frontier?.size === firstSeq) return frontier;
      findings.add('frontier_altered', files.stream, { file, problem: 'the file is no tree frontier of this size' });
      return undefined;
    } catch (error) {
      findings.add('unreadable', files.stream, { file, problem: `the file can not be read (${errorText(error)})` });
      return undefined;
    }
  }

  #endSegment({ file, firstSeq }: SegmentName, verifier: SegmentVerifier, next: SegmentName | undefined): void {
    const { sequence, findings, stream, content } = this.#checks;
    this.#firstSeq ??= verifier.firstSeq;
    this.#lastSeq = verifier.lastSeq ?? this.#lastSeq;
    if (verifier.lastSeq !== undefined) this.#closed = verifier.closed;
    if (verifier.misplaced) this.#misplacedTo = Math.max(this.#misplacedTo, verifier.highestSeq + 1);
    const { torn, superseded } = verifier;
    if (superseded > 0 && !verifier.misplaced) {
      const problem = `${superseded} records stand from number ${next?.firstSeq} on, where the next segment goes on`;
      this.#unexplained.push({ code: 'superseded', file, problem });
    }
    if (torn !== undefined) this.#endsTorn(file, torn, next === undefined);
    for (const { from, to } of sequence.takeMissing()) {
      this.#counts.missing += to - from + 1;
      findings.add('deleted', stream, { file, seq: from, problem: `${records(from, to)} missing inside the segment` });
    }
    if (next === undefined) return;
    if (sequence.next < next.firstSeq) {
      const whole = content.intact && content.confirmedAt(sequence.next) && sequence.next > firstSeq;
      content.break();
      if (!verifier.misplaced) {
        this.#counts.missing += next.firstSeq - sequence.next;
        const missing = records(sequence.next, next.firstSeq - 1);
        const problem = whole
          ? `${missing} missing between ${file} and ${next.file}: the first of them was closed here`
          : `${missing} missing at its end: ${next.file} goes on with ${next.firstSeq}`;
        findings.add(whole ? 'missing_segment' : 'truncated', stream, { file, seq: sequence.next, problem });
      }
    }
    sequence.goTo(next.firstSeq);
  }

  /** Segments that end in a way that the log must explain. */
  #judgeEnds(signed: SignedFacts): void {
    const { stream, findings } = this.#checks;
    for (const { code, file, problem } of this.#unexplained) {
      const said = [signed.explains('abandoned', file)];
      if (code === 'torn_unexplained') said.push(signed.explains('torn', file));
      if (said.includes('signed')) continue;
      const by = said.includes('unsigned') ? 'only a record that its writer did not sign explains it' : undefined;
      const text = `${problem}; ${by ?? 'no later record explains it'}`;
      findings.add(by === undefined ? code : 'explained_unsigned', stream, { file, problem: text });
    }
  }

  #endsTorn(file: string, torn: { readonly line: number; readonly problem: string }, last: boolean): void {
    const { stream, findings } = this.#checks;
    if (last) findings.add('torn_tail', stream, { file, line: torn.line, problem: torn.problem });
    else this.#unexplained.push({ code: 'torn_unexplained', file, problem: torn.problem });
  }

  #finish(): VerifyStream {
    const { files, claims, findings, pinned, witnesses } = this.#options;
    const { stream, content, sequence, attempts, facts } = this.#checks;
    attempts.finish(this.#closed);
    content.finish();
    const signed = new SignedFacts(facts, claims);
    this.#judgeEnds(signed);
    const counts = this.#counts;
    counts.covered = content.covered;
    counts.declaredLost = facts.lost;
    if (facts.lost > 0) findings.add('gap', stream, { problem: `the log declares ${facts.lost} records as lost` });
    judgeContent({ files, content, claims, signed, nextSeq: Math.max(sequence.next, this.#misplacedTo) }, findings);
    // What an opening repeats, the checkpoint before it has said.
    const { rotations } = signed;
    const said = claims.filter((claim) => !isOpening(claim));
    const signedBy = checkSigners({ stream, claims: said, rotations, pinned, witnesses }, findings);
    const checkpoint = newest(claims, false);
    const external = newest(claims, true);
    return {
      stream,
      ...(this.#firstSeq !== undefined && { firstSeq: this.#firstSeq }),
      ...(this.#lastSeq !== undefined && { lastSeq: this.#lastSeq }),
      segments: files.segments.length,
      closed: this.#closed,
      ...counts,
      content: findings.verdict('content', stream),
      signer: findings.verdict('signer', stream),
      time: findings.verdict('time', stream),
      completeness: findings.verdict('completeness', stream),
      ...(signedBy !== undefined && { signedBy }),
      ...(checkpoint !== undefined && { checkpoint: reportedClaim(checkpoint) }),
      ...(external !== undefined && { external: reportedClaim(external) }),
    };
  }
}

/** The newest of the log's own checkpoints that matches, or the newest that was handed in. */
function newest(claims: readonly Claim[], external: boolean): Claim | undefined {
  return claims
    .filter((claim) => claim.external === external && (external || claim.result === 'matched'))
    .toSorted((a, b) => a.checkpoint.size - b.checkpoint.size)
    .at(-1);
}

function records(from: number, to: number): string {
  return from === to ? `record ${from} is` : `records ${from} to ${to} are`;
}
