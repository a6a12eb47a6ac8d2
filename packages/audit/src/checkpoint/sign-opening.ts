import { join } from 'node:path';
import { writeDurable } from '../files/write-durable.ts';
import type { SigningKey } from '../note/signer.ts';
import type { SegmentFileSystem } from '../segment/segment-file-system.ts';
import type { Tree } from '../tree/tree.ts';
import { openedExtension } from './checkpoint-body.ts';
import { checkpointName } from './evidence-files.ts';
import { signCheckpoint } from './sign-checkpoint.ts';

export interface SignOpeningOptions {
  readonly directory: string;
  readonly stream: string;
  /** Of the segment that is to be opened. */
  readonly firstSeq: number;
  /** As the newest checkpoint has it. */
  readonly tree: Tree;
  readonly signer: SigningKey;
  readonly former: SigningKey | undefined;
  readonly fileSystem: SegmentFileSystem;
}

/**
 * Repeats the last checkpoint with the word that a start goes on behind it. Durable before there is a record there: a crash before the next
 * checkpoint leaves records that a holder of the key began to write, which nobody else can say of theirs.
 */
export async function signOpening(options: SignOpeningOptions): Promise<void> {
  const { directory, stream, firstSeq, tree, signer, former, fileSystem } = options;
  const extensions = [openedExtension];
  const { checkpoint } = signCheckpoint({ size: tree.size, root: tree.root(), signer, former, extensions });
  await writeDurable(join(directory, checkpointName(stream, firstSeq)), checkpoint, fileSystem);
}
