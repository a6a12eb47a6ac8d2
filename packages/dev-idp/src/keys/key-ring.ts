import type { JWK } from 'jose';
import { generateSigningKeys, type SigningKeys } from './signing-keys.ts';

/** The keys a provider signs with and publishes, over time. */
export interface KeyRing {
  /** What is signed with now. */
  current(): SigningKeys;
  /** Everything that is published, with private parts; the newest keys first. */
  all(): readonly JWK[];
  /** Makes new keys, which are signed with from now on. The others stay published. */
  rotate(): Promise<void>;
  /** Stops publishing all but the newest keys. */
  dropOld(): void;
}

export async function createKeyRing(): Promise<KeyRing> {
  let newest = await generateSigningKeys();
  let older: readonly SigningKeys[] = [];
  return {
    current: () => newest,
    all: () => [newest, ...older].flatMap((keys) => [...keys.values()]),
    async rotate() {
      const made = await generateSigningKeys();
      older = [newest, ...older];
      newest = made;
    },
    dropOld() {
      older = [];
    },
  };
}
