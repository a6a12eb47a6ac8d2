import { constants, open } from 'node:fs/promises';
import { formatRevocation, type RevocationLine } from './revocation-line.ts';

/**
 * Appends one line to a revocation file, in one write, and waits until it is on the disk. Every process that watches the file honours it
 * within one second. Does not create the file: who it belongs to is decided by the server that starts with it.
 *
 * Follows no symbolic link. Rejects with the error of the file system; then it is not known to be revoked.
 */
export async function appendRevocation(path: string, line: RevocationLine, nowMs: number): Promise<void> {
  const file = await open(path, constants.O_RDWR | constants.O_APPEND | constants.O_NOFOLLOW);
  try {
    const { size } = await file.stat();
    // After a write that was cut short this line must not become part of the broken one.
    const text = (await endsInLineBreak(file, size)) ? '' : '\n';
    const bytes = Buffer.from(text + formatRevocation(line, nowMs));
    const { bytesWritten } = await file.write(bytes);
    if (bytesWritten !== bytes.length) throw new Error('the line was not written whole');
    await file.datasync();
  } finally {
    await file.close();
  }
}

async function endsInLineBreak(file: Awaited<ReturnType<typeof open>>, size: number): Promise<boolean> {
  if (size === 0) return true;
  const last = Buffer.alloc(1);
  const { bytesRead } = await file.read(last, 0, 1, size - 1);
  return bytesRead === 1 && last[0] === 0x0a;
}
