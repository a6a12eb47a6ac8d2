/** What verification speaks about; each has a verdict of its own. */
export type VerifyAspect = 'content' | 'signer' | 'time' | 'completeness';

/**
 * How much a finding weighs. `FAIL`: the log is refuted. `UNCHECKED`: something could not be looked at. `UNCONFIRMED`: nothing speaks
 * against it, and nothing proves it. `NOTE`: worth knowing, changes no verdict.
 */
export type FindingVerdict = 'FAIL' | 'UNCHECKED' | 'UNCONFIRMED' | 'NOTE';

export interface FindingKind {
  readonly aspect: VerifyAspect;
  readonly verdict: FindingVerdict;
  /** What to do, in one line. */
  readonly next: string;
}

const keep = 'keep the files as they are and find out who could write them';

/** What verification can find. The page docs/audit-verify.md explains each. */
export type VerifyFindingCode =
  | 'altered'
  | 'forked'
  | 'not_included'
  | 'unparsable'
  | 'foreign_record'
  | 'swapped_segment'
  | 'frontier_altered'
  | 'frontier_missing'
  | 'unreadable'
  | 'no_checkpoint'
  | 'unsigned_tail'
  | 'not_covered'
  | 'adopted_unsigned'
  | 'checkpoint_older'
  | 'checkpoint_before_log'
  | 'signature_invalid'
  | 'signature_missing'
  | 'checkpoint_malformed'
  | 'key_changed'
  | 'rotation_unproven'
  | 'unsigned'
  | 'key_unpinned'
  | 'key_unknown'
  | 'witness_missing'
  | 'clock_backwards'
  | 'clock_jump'
  | 'time_malformed'
  | 'checkpoint_order'
  | 'deleted'
  | 'reordered'
  | 'duplicate'
  | 'truncated'
  | 'missing_segment'
  | 'missing_stream'
  | 'superseded'
  | 'after_close'
  | 'unsigned_after_close'
  | 'torn_tail'
  | 'torn_unexplained'
  | 'explained_unsigned'
  | 'no_outcome'
  | 'open_call'
  | 'no_decision'
  | 'decision_before_log'
  | 'gap'
  | 'no_beginning'
  | 'retained'
  | 'foreign_file';

/** The kinds of findings by their codes. Codes are never reused. */
export const findingKinds: Readonly<Record<VerifyFindingCode, FindingKind>> = {
  // Content: what stands in the lines.
  altered: { aspect: 'content', verdict: 'FAIL', next: keep },
  forked: {
    aspect: 'content',
    verdict: 'FAIL',
    next: 'whoever holds the signing key signed two histories: replace the key, and trust the checkpoint that was held outside',
  },
  not_included: { aspect: 'content', verdict: 'FAIL', next: 'get the proof again from who holds the log' },
  unparsable: { aspect: 'content', verdict: 'FAIL', next: keep },
  foreign_record: { aspect: 'content', verdict: 'FAIL', next: keep },
  swapped_segment: { aspect: 'content', verdict: 'FAIL', next: 'compare the file names with those of a backup' },
  frontier_altered: { aspect: 'content', verdict: 'FAIL', next: keep },
  frontier_missing: {
    aspect: 'content',
    verdict: 'UNCHECKED',
    next: 'bring the .frontier file of the first segment: without it no root can be computed',
  },
  unreadable: { aspect: 'content', verdict: 'UNCHECKED', next: 'make the file readable, or copy the log again' },
  no_checkpoint: {
    aspect: 'content',
    verdict: 'UNCONFIRMED',
    next: 'bring the .checkpoint files, or a checkpoint that was held outside with --checkpoint',
  },
  unsigned_tail: {
    aspect: 'content',
    verdict: 'UNCONFIRMED',
    next: 'verify again after the next checkpoint; of a log that is closed, find out why its last checkpoint is gone',
  },
  not_covered: {
    aspect: 'content',
    verdict: 'UNCONFIRMED',
    next: 'bring the checkpoint that covers these records',
  },
  adopted_unsigned: {
    aspect: 'content',
    verdict: 'UNCONFIRMED',
    next: 'compare the time with that of a crash; only a checkpoint from outside that is older than the later start confirms these records',
  },
  checkpoint_older: { aspect: 'content', verdict: 'NOTE', next: 'bring a newer checkpoint from outside' },
  checkpoint_before_log: {
    aspect: 'content',
    verdict: 'UNCONFIRMED',
    next: 'verify it against a copy that still holds these records',
  },
  // Signer: who vouches for it.
  signature_invalid: { aspect: 'signer', verdict: 'FAIL', next: keep },
  signature_missing: { aspect: 'signer', verdict: 'FAIL', next: keep },
  checkpoint_malformed: { aspect: 'signer', verdict: 'FAIL', next: keep },
  key_changed: {
    aspect: 'signer',
    verdict: 'FAIL',
    next: 'ask the operator whether this key is theirs; a rotation leaves an audit.key_rotated record',
  },
  rotation_unproven: {
    aspect: 'signer',
    verdict: 'UNCONFIRMED',
    next: 'ask the operator whether the new key is theirs: the old one has not signed for it',
  },
  unsigned: {
    aspect: 'signer',
    verdict: 'UNCONFIRMED',
    next: 'bring the .checkpoint files: without them nobody vouches for the log',
  },
  key_unpinned: {
    aspect: 'signer',
    verdict: 'UNCONFIRMED',
    next: 'pin the key: get its .pub file on another way than the log, and give it with --key',
  },
  key_unknown: { aspect: 'signer', verdict: 'UNCONFIRMED', next: 'give the public key of the signer with --key' },
  witness_missing: {
    aspect: 'signer',
    verdict: 'UNCONFIRMED',
    next: 'bring a checkpoint that the witness has signed with --checkpoint',
  },
  // Time: whether the clock was right and the order is that of events.
  clock_backwards: { aspect: 'time', verdict: 'FAIL', next: keep },
  clock_jump: {
    aspect: 'time',
    verdict: 'UNCONFIRMED',
    next: 'compare with the host: its clock was set, or the machine slept',
  },
  time_malformed: { aspect: 'time', verdict: 'FAIL', next: keep },
  checkpoint_order: { aspect: 'time', verdict: 'FAIL', next: 'compare the file names with those of a backup' },
  // Completeness: whether all of it is there.
  deleted: { aspect: 'completeness', verdict: 'FAIL', next: keep },
  reordered: { aspect: 'completeness', verdict: 'FAIL', next: keep },
  duplicate: { aspect: 'completeness', verdict: 'FAIL', next: keep },
  truncated: {
    aspect: 'completeness',
    verdict: 'FAIL',
    next: 'copy the log again; if it is still shorter than its checkpoint, its end was cut off',
  },
  missing_segment: { aspect: 'completeness', verdict: 'FAIL', next: 'copy the log again, or look for the file' },
  missing_stream: {
    aspect: 'completeness',
    verdict: 'FAIL',
    next: 'copy the log again; if the checkpoint is of another log, leave it out',
  },
  superseded: { aspect: 'completeness', verdict: 'FAIL', next: keep },
  after_close: { aspect: 'completeness', verdict: 'FAIL', next: keep },
  unsigned_after_close: { aspect: 'completeness', verdict: 'FAIL', next: keep },
  torn_tail: {
    aspect: 'completeness',
    verdict: 'NOTE',
    next: 'nothing: a write was going on or was cut short, and nobody was told that it was durable',
  },
  torn_unexplained: { aspect: 'completeness', verdict: 'FAIL', next: keep },
  explained_unsigned: {
    aspect: 'completeness',
    verdict: 'UNCONFIRMED',
    next: 'compare the time with that of a crash: anybody who can write the files may have written that record',
  },
  no_outcome: {
    aspect: 'completeness',
    verdict: 'FAIL',
    next: 'find out what these calls did: the log was closed without saying it',
  },
  open_call: {
    aspect: 'completeness',
    verdict: 'UNCONFIRMED',
    next: 'verify again when the log is closed: calls in flight have no outcome yet',
  },
  no_decision: { aspect: 'completeness', verdict: 'FAIL', next: keep },
  decision_before_log: {
    aspect: 'completeness',
    verdict: 'NOTE',
    next: 'nothing: the call began in records that are not here any more',
  },
  gap: {
    aspect: 'completeness',
    verdict: 'UNCONFIRMED',
    next: 'the log itself declares what it lost; audit.mode strict loses no call that ran',
  },
  no_beginning: {
    aspect: 'completeness',
    verdict: 'UNCONFIRMED',
    next: 'bring the older segments; those that retention deleted are declared in the log',
  },
  retained: { aspect: 'completeness', verdict: 'NOTE', next: 'nothing: retention deleted these records and says so' },
  foreign_file: { aspect: 'completeness', verdict: 'NOTE', next: 'find out who put it there; it was not looked at' },
};
