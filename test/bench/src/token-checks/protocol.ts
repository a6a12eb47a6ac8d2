import type { Algorithm, SigningKey } from '../tokens/signing-key.ts';
import type { CaseName, SubjectName } from './token-case.ts';

/** The issuer of a run, for a process that checks its tokens. */
export interface IssuerOrder {
  readonly issuer: string;
  readonly jwksUri: string;
  readonly introspectionUri: string;
  readonly keys: Readonly<Record<Algorithm, SigningKey>>;
}

/** One round of one subject. */
export interface CheckOrder {
  readonly name: CaseName;
  readonly subject: SubjectName;
  readonly durationMs: number;
}

export interface CheckResult {
  readonly calls: number;
  readonly cpuMicros: number;
  /** The first outcome that was not the right one. */
  readonly wrong?: string;
}

/** What the process says once, when it can take orders. */
export interface ChecksReady {
  readonly type: 'ready';
}
