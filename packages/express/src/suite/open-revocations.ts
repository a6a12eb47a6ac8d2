import {
  createMemoryRevocationList,
  type Clock,
  type OperationalLogger,
  type Revocation,
  type RevocationList,
} from '@sallyport/core';
import { openRevocationFile } from '@sallyport/token';

/** Told of a revocation. */
export type OnRevoked = (entry: Revocation, untilMs: number) => void;

/** The revocations a suite asks for, and where they are kept. */
export interface Revocations {
  readonly list: RevocationList;
  /** Whether they are known; nobody is let in while they are not. */
  status(): { readonly ok: boolean; readonly problem?: string };
  /** Names who is told of entries that other processes wrote, also of those that came before. */
  onForeign(tell: OnRevoked): void;
  close(): void;
}

export interface OpenRevocationsOptions {
  /** Path of the revocation file. */
  readonly file: string | undefined;
  /** A list that somebody else keeps, instead of the file and of memory. */
  readonly list: RevocationList | undefined;
  readonly clock: Clock;
  readonly log: OperationalLogger;
}

/** @throws SetupError when the file can not be used */
export async function openRevocations({ file, list, clock, log }: OpenRevocationsOptions): Promise<Revocations> {
  if (list !== undefined || file === undefined) {
    return {
      list: list ?? createMemoryRevocationList({ clock }),
      status: () => ({ ok: true }),
      onForeign: () => undefined,
      close: () => undefined,
    };
  }
  const early: Parameters<OnRevoked>[] = [];
  let tell: OnRevoked = (...revoked) => void early.push(revoked);
  const opened = await openRevocationFile({
    path: file,
    clock,
    log,
    onRevoked: (entry, untilMs) => tell(entry, untilMs),
  });
  return {
    list: opened,
    status: () => opened.status(),
    onForeign(given) {
      tell = given;
      for (const revoked of early.splice(0)) given(...revoked);
    },
    close: () => opened.close(),
  };
}
