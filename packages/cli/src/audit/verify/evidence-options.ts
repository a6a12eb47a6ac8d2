import type { Command } from 'commander';
import type { GivenEvidence } from './read-evidence.ts';

/** What the options of `addEvidenceOptions` come to. */
export interface EvidenceOptions {
  readonly key?: readonly string[];
  readonly checkpoint?: readonly string[];
  readonly witness?: readonly string[];
}

const collect = (text: string, list: readonly string[] = []): readonly string[] => [...list, text];

/** The options that say on what a verification may rest. */
export function addEvidenceOptions(command: Command): Command {
  return command
    .option('--key <file>', 'verifier keys you trust: a .pub file, a file of keys, or a key; repeatable', collect)
    .option('--checkpoint <file>', 'a checkpoint that was held outside; repeatable', collect)
    .option('--witness <file>', 'the key of a witness that must have signed; repeatable', collect);
}

export function givenEvidence(options: EvidenceOptions): GivenEvidence {
  const { key: keys = [], checkpoint: checkpoints = [], witness: witnesses = [] } = options;
  return { keys, checkpoints, witnesses };
}
