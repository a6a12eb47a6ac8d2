import type { Clock, OperationalLogger, RevocableToken, Revocation, RevocationList } from '@sallyport/core';

export interface OpenRevocationFileOptions {
  /** Created with mode 0600 when there is none; its folder must be there. */
  readonly path: string;
  readonly clock?: Clock | undefined;
  readonly log?: OperationalLogger | undefined;
  /** Entries held at a time, default 100,000. More of them than that count as a file that can not be read. */
  readonly maxEntries?: number | undefined;
  /** A larger file counts as one that can not be read. Default 64 MiB. From three quarters of it on the log warns. */
  readonly maxFileBytes?: number | undefined;
  /** Told of every entry that another process wrote after this one opened the file. */
  readonly onRevoked?: ((entry: Revocation, untilMs: number) => void) | undefined;
}

export interface RevocationFileStatus {
  /** False: nobody can say what is revoked, so every token is refused. */
  readonly ok: boolean;
  /** Why not, in one line for an operator. */
  readonly problem?: string;
}

/** A revocation list in a file that all processes of a host share and that outlives them. */
export interface RevocationFile extends RevocationList {
  /** Takes effect here at once. Rejects when the entry could not be written: then it holds in this process only. */
  revoke(entry: Revocation, untilMs: number): Promise<void>;
  /** Throws `Refusal` `store_down` while the file can not be read or is not understood. */
  isRevoked(token: RevocableToken): boolean;
  status(): RevocationFileStatus;
  /** Stops watching. */
  close(): void;
}
