import { fstatSync, statSync } from 'node:fs';

/** What tells a file from every other one while somebody has it open, whatever its names are. */
export interface FileIdentity {
  readonly dev: bigint;
  readonly ino: bigint;
}

/** The file of a descriptor. */
export function fileOf(fd: number): FileIdentity {
  return fstatSync(fd, { bigint: true });
}

/** The file that has this name now; `undefined` when there is none. */
export function fileAt(path: string): FileIdentity | undefined {
  return statSync(path, { bigint: true, throwIfNoEntry: false });
}

export function isSameFile(one: FileIdentity, other: FileIdentity | undefined): boolean {
  return other !== undefined && one.dev === other.dev && one.ino === other.ino;
}
