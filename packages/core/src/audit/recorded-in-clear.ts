import type { KeyedHash } from './keyed-hash.ts';
import { maxName } from './record-parts.ts';
import { recordedText } from './recorded-text.ts';

/** How a keyed hash begins. */
const hashBeginning = 'hmac-sha256:';

/** Gives every text the same hash, which is not the text. */
const someHash: KeyedHash = {
  keyId: '',
  hash: () => hashBeginning,
  within: () => () => hashBeginning,
  begin: () => ({ update: () => undefined, digest: () => hashBeginning }),
};

/**
 * Whether a text of a record is for certain what was sent, and no hash, shortened text or text that was not well-formed. Some texts that
 * are what was sent look like one of these.
 */
export function isRecordedInClear(text: string): boolean {
  return !text.startsWith(hashBeginning) && !text.includes('…') && !text.includes('\uFFFD');
}

/** Whether a record of a call of a target with this name says its name, and nothing that stands for it. */
export function isTargetRecordedInClear(name: string): boolean {
  return isRecordedInClear(name) && recordedText(name, maxName, someHash) === name;
}
