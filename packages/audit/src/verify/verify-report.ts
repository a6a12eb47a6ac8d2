import type { FindingVerdict, VerifyAspect, VerifyFindingCode } from './finding-codes.ts';

/** The verdict of an aspect. `UNCHECKED`: something could not be looked at. */
export type VerifyVerdict = 'PASS' | 'FAIL' | 'UNCHECKED' | 'UNCONFIRMED';

export interface VerifyFinding {
  readonly code: VerifyFindingCode;
  readonly aspect: VerifyAspect;
  readonly verdict: FindingVerdict;
  readonly stream: string;
  readonly file?: string;
  /** Counted from 1. */
  readonly line?: number;
  readonly seq?: number;
  readonly call?: string;
  /** One readable line: what was seen, and what was expected. */
  readonly problem: string;
  /** What to do. */
  readonly next: string;
}

/** What was counted, of a stream and of all streams together. */
export interface VerifyCounts {
  /** Records that belong to the log. */
  readonly records: number;
  /** Records before the newest checkpoint whose root was computed from the lines. */
  readonly covered: number;
  /** Sequence numbers that are missing. */
  readonly missing: number;
  /** Records that the log itself declares as lost. */
  readonly declaredLost: number;
  /** Allowed calls and those that observe mode let pass, and how many of them have an outcome. */
  readonly allows: number;
  readonly allowsWithOutcome: number;
  /** Outcomes `aborted`: the process died, what the call did is not known. */
  readonly aborted: number;
  readonly denies: number;
  /** `auth.failure` and `request.refused`. */
  readonly refusals: number;
  /** Records that declare what they left out or hid. */
  readonly redactions: number;
}

export interface VerifyCheckpoint {
  /** File it was read from; one that was handed in keeps its path. */
  readonly source: string;
  readonly external: boolean;
  readonly origin: string;
  readonly size: number;
  /** Base64. */
  readonly root: string;
  /** `matched`: the lines give its root. `unchecked`: they could not be put together that far. */
  readonly result: 'matched' | 'mismatched' | 'unchecked';
  /** Who signed it, by a signature that holds. */
  readonly signers: readonly string[];
}

export interface VerifyStream extends VerifyCounts {
  readonly stream: string;
  /** First and last sequence number; absent when there is no record. */
  readonly firstSeq?: number;
  readonly lastSeq?: number;
  readonly segments: number;
  /** Whether the last writer closed the stream. */
  readonly closed: boolean;
  readonly content: VerifyVerdict;
  readonly signer: VerifyVerdict;
  readonly time: VerifyVerdict;
  readonly completeness: VerifyVerdict;
  /** Name of the key of the newest matching checkpoint. */
  readonly signedBy?: string;
  /** The newest checkpoint of the log that matches, and the newest of those handed in. */
  readonly checkpoint?: VerifyCheckpoint;
  readonly external?: VerifyCheckpoint;
}

/** What verification found. The four aspects are judged apart. */
export interface VerifyReport extends VerifyCounts {
  readonly content: VerifyVerdict;
  readonly signer: VerifyVerdict;
  readonly time: VerifyVerdict;
  readonly completeness: VerifyVerdict;
  /** 0: all confirmed. 1: refuted. 2: could not check. 3: nothing refuted, something unconfirmed. */
  readonly exitCode: 0 | 1 | 2 | 3;
  readonly bytes: number;
  readonly streams: readonly VerifyStream[];
  /** At most 1000, the gravest first; `omittedFindings` says how many more there are. */
  readonly findings: readonly VerifyFinding[];
  readonly omittedFindings: number;
}

export type MutableVerifyCounts = { -readonly [Name in keyof VerifyCounts]: number };

export function noVerifyCounts(): MutableVerifyCounts {
  return {
    records: 0,
    covered: 0,
    missing: 0,
    declaredLost: 0,
    allows: 0,
    allowsWithOutcome: 0,
    aborted: 0,
    denies: 0,
    refusals: 0,
    redactions: 0,
  };
}
