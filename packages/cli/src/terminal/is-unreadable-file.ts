import type { SetupError } from '@sallyport/core';

/** True when the operating system refused to open a file, in contrast to a content that is wrong. */
export function isUnreadableFile({ cause }: SetupError): boolean {
  return cause instanceof Error && 'syscall' in cause;
}
