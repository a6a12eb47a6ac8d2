import { Refusal, type Reason } from '@sallyport/core';

/** The checks of a token, in the order in which they are told. */
export type ExplainedStepName =
  | 'size'
  | 'form'
  | 'alg'
  | 'key'
  | 'signature'
  | 'typ'
  | 'iss'
  | 'tenant'
  | 'aud'
  | 'exp'
  | 'nbf'
  | 'iat'
  | 'sub'
  | 'client'
  | 'others'
  | 'answer'
  | 'revocation'
  | 'binding';

/** One check of a token. */
export interface ExplainedStep {
  readonly name: ExplainedStepName;
  /** `skip`: it can not be decided here, or makes no sense after what failed before. */
  readonly status: 'pass' | 'fail' | 'skip';
  /** What the token says, shortened. Never a part of the token as it was written. Untrusted text. */
  readonly seen: string;
  /** What this server asks for. */
  readonly expected: string;
  /** Why it failed. */
  readonly reason?: Reason;
  /** What is wrong or why it was not decided, in words. */
  readonly problem?: string;
}

export interface Check {
  readonly name: ExplainedStepName;
  readonly seen: string;
  readonly expected: string;
}

/** Runs one check; whatever it throws is what is wrong. */
export async function runStep(check: Check, run: () => unknown): Promise<ExplainedStep> {
  try {
    await run();
    return { ...check, status: 'pass' };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { ...check, status: 'fail', reason: error.reason, problem: problemOf(error) };
  }
}

export function skipStep(check: Check, problem: string): ExplainedStep {
  return { ...check, status: 'skip', problem };
}

/** The note that a refusal leaves in the audit log. */
export function problemOf({ detail, message }: Refusal): string {
  if (typeof detail === 'string') return detail;
  if (typeof detail !== 'object' || detail === null || Array.isArray(detail)) return message;
  const { problem } = detail as { readonly problem?: unknown };
  return typeof problem === 'string' ? problem : message;
}
