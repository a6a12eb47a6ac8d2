import { noEvidence, type Evidence } from '../log/evidence.ts';

/** The evidence of a log that was found tampered with and goes on in mode `available`: nothing is signed any more. */
export function suspendedEvidence(problem: string): Evidence {
  return { ...noEvidence, problem: `nothing is signed: ${problem}` };
}
