/** The evidence of the audit log: checkpoints, their keys and anchors. */
export const evidenceEvents = {
  'sallyport.audit.tampered': {
    level: 'error',
    message: 'ERR_AUDIT_TAMPERED: the audit log is not what was signed; it goes on, and nothing is signed',
    fields: ['directory', 'stream', 'file', 'problem'],
    remedy: 'Copy the directory, run `sallyport audit verify` on the copy and find out who changed it.',
  },
  'sallyport.audit.signing_key_generated': {
    level: 'warn',
    message:
      'made a new signing key beside the audit log: who can write there can sign. Set audit.signingKey, or pin this verifier key elsewhere',
    fields: ['file', 'vkey'],
    remedy: 'Set `audit.signingKey`, or pin the verifier key outside this host.',
  },
  'sallyport.audit.signing_key_changed': {
    level: 'warn',
    message: 'checkpoints are signed with a new key; the old key has signed for it',
    fields: ['stream', 'old', 'new', 'vkey'],
    remedy: 'Nothing if you meant it; hand the new verifier key to whoever verifies.',
  },
  'sallyport.audit.signing_key_unvouched': {
    level: 'error',
    message: 'checkpoints are signed with a new key, and the old one was not at hand to sign for it: pin the new one',
    fields: ['stream', 'old', 'new', 'vkey'],
    remedy: 'Make sure that you changed the key, and pin the new verifier key.',
  },
  'sallyport.audit.checkpoint_absent': {
    level: 'error',
    message:
      'the audit log has a key or records and no checkpoint: its evidence is gone, or the first one was never written; what stands there stays unsigned',
    fields: ['directory', 'stream', 'unsigned', 'noCheckpoint'],
    remedy: 'Compare the log with its anchors or copies.',
  },
  'sallyport.audit.tail_unsigned': {
    level: 'warn',
    message:
      'the last records of the audit log were not signed by the process that wrote them; the log says so and goes on',
    fields: ['directory', 'stream', 'unsigned'],
    remedy: 'Nothing after a kill or a power failure; else find out who wrote them.',
  },
  'sallyport.audit.checkpoint_failed': {
    level: 'error',
    message: 'a checkpoint of the audit log can not be written; records are kept, but nothing new is signed',
    fields: ['stream', 'error'],
    remedy: 'Make room, or make the directory writable; it is tried again by itself.',
  },
  'sallyport.audit.checkpoint_recovered': {
    level: 'warn',
    message: 'checkpoints of the audit log are written again',
    fields: ['stream'],
    remedy: 'Nothing.',
  },
  'sallyport.audit.checkpoint_unfinished': {
    level: 'error',
    message: 'the audit log was closed without its last checkpoint',
    fields: ['stream', 'error'],
    remedy: 'Make the directory writable before the next start, which signs what is there.',
  },
  'sallyport.audit.foreign_unsigned': {
    level: 'error',
    message:
      'the audit stream of another writer is finished and not signed: it has no checkpoint of a key that is at hand',
    fields: ['directory', 'stream'],
    remedy: 'Start a process with the key of that stream once.',
  },
  'sallyport.audit.anchor_failed': {
    level: 'error',
    message: 'a checkpoint did not reach its anchor; the newest one is tried again',
    fields: ['origin', 'anchor', 'size', 'error'],
    remedy: 'See to the anchor: until then a rewrite of this host leaves no trace outside.',
  },
  'sallyport.audit.anchor_recovered': {
    level: 'warn',
    message: 'checkpoints reach their anchor again',
    fields: ['origin', 'anchor', 'behindMs'],
    remedy: 'Nothing.',
  },
  'sallyport.audit.anchor_unfinished': {
    level: 'error',
    message: 'the last checkpoint did not reach its anchor',
    fields: ['origin', 'anchor', 'size'],
    remedy: 'See to the anchor; the next start publishes its checkpoint.',
  },
  'sallyport.audit.anchor_unknown_keys': {
    level: 'error',
    message: 'the anchor holds checkpoints of this log by keys that are not known here',
    fields: ['stream', 'anchor'],
    remedy: 'Find out whose keys they are: another process signs under this name, or a key was lost.',
  },
  'sallyport.audit.anchor_unreadable': {
    level: 'error',
    message: 'the log can not be compared with its anchor',
    fields: ['stream', 'anchor', 'error'],
    remedy: 'Make the anchor readable and start again.',
  },
} as const;
