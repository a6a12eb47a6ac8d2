import { startsWith } from './byte-text.ts';

/** What verification needs of a decision. */
export interface ScannedDecision {
  readonly effect: 'allow' | 'deny';
  /** The call ran, because it was allowed or because observe mode let it pass. */
  readonly runs: boolean;
}

const allow = Buffer.from('{"effect":"allow"');
const deny = Buffer.from('{"effect":"deny"');
const observed = Buffer.from('{"effect":"deny","enforced":false');
const enforced = Buffer.from('"enforced"');
const backslash = 0x5c;

const isAllow: ScannedDecision = { effect: 'allow', runs: true };
const isDeny: ScannedDecision = { effect: 'deny', runs: false };
const isObserved: ScannedDecision = { effect: 'deny', runs: true };

/** Reads the bytes of a decision, a JSON object. `undefined` when it is not as a writer of this version writes it. */
export function scanDecision(decision: Buffer): ScannedDecision | undefined {
  if (startsWith(decision, 0, allow)) return isAllow;
  if (!startsWith(decision, 0, deny)) return undefined;
  // Written with an escape the name could stand anywhere.
  if (!decision.includes(enforced)) return decision.includes(backslash) ? undefined : isDeny;
  const usual = startsWith(decision, 0, observed) && !decision.includes(enforced, observed.length);
  return usual ? isObserved : undefined;
}
