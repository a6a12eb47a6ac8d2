/** The audit log: its files, its keys, its writers and its retention. */
export const auditEvents = {
  'sallyport.audit.opened': {
    level: 'info',
    message: 'opened the audit log',
    fields: ['directory', 'stream', 'file', 'mode', 'auditLevel'],
    remedy: 'Nothing.',
  },
  'sallyport.audit.directory_shared': {
    level: 'warn',
    message: 'the audit directory can be written by others, who could remove its files',
    fields: ['directory', 'mode'],
    remedy: 'Take the right to write from group and others.',
  },
  'sallyport.audit.stream_locked': {
    level: 'warn',
    message: 'the audit stream is locked by a process that can not be seen from here; waiting for its heartbeat',
    fields: ['directory', 'stream', 'holderPid', 'holderHost'],
    remedy: 'Wait, or give every process a stream of its own.',
  },
  'sallyport.audit.hash_key_generated': {
    level: 'warn',
    message:
      'made a new hash key beside the audit log; keep it safe or set audit.hashKey: without it no hash can be looked up',
    fields: ['file'],
    remedy: 'Keep the file safe, or set `audit.hashKey`.',
  },
  'sallyport.audit.hash_key_changed': {
    level: 'warn',
    message: 'records are hashed with another key than before',
    fields: ['stream', 'old', 'new'],
    remedy: 'Nothing if you meant it; keep the old key for as long as its records.',
  },
  'sallyport.audit.hash_key_mirror_differs': {
    level: 'warn',
    message: 'the hash key beside the mirror is not the one in use',
    fields: ['file'],
    remedy: 'Put the key in use there, or remove the other one after keeping it.',
  },
  'sallyport.audit.damaged': {
    level: 'error',
    message: 'ERR_AUDIT_DAMAGED: the audit log has lines that are no records; they are kept as they are',
    fields: ['directory', 'stream', 'previous', 'aborted', 'torn', 'damaged'],
    remedy: 'Run `sallyport audit verify` and find out who changed the files.',
  },
  'sallyport.audit.unclosed': {
    level: 'warn',
    message: 'the last writer of the audit log did not close it; what it left open is recorded as aborted',
    fields: ['directory', 'stream', 'previous', 'aborted', 'torn', 'damaged'],
    remedy: 'Find out why the process ended without a shutdown.',
  },
  'sallyport.audit.copy_failed': {
    level: 'error',
    message:
      'a copy of the audit log can not be written; what happens to calls is for audit.mode, and what is lost is counted',
    fields: ['stream', 'copy', 'error'],
    remedy: 'Make room, or make the directory named by `copy` writable; writing is tried again by itself.',
  },
  'sallyport.audit.copy_replaced': {
    level: 'warn',
    message: 'writing a copy of the audit log failed; it goes on in a new segment',
    fields: ['stream', 'copy', 'file', 'error'],
    remedy: 'See to the disk before it fails again.',
  },
  'sallyport.audit.copy_recovered': {
    level: 'warn',
    message: 'a copy of the audit log is written again',
    fields: ['stream', 'copy', 'file'],
    remedy: 'Look for `audit.gap` records in the log: they say what is missing.',
  },
  'sallyport.audit.copy_incomplete': {
    level: 'error',
    message: 'a copy of the audit log was closed without its last records',
    fields: ['stream', 'copy', 'lost'],
    remedy: 'Keep what other logs say of these minutes; the next start records what was left open.',
  },
  'sallyport.audit.foreign_finished': {
    level: 'warn',
    message: 'finished the audit stream of a writer that died',
    fields: ['directory', 'stream', 'previous', 'aborted', 'torn', 'damaged'],
    remedy: 'Find out why the process that wrote it ended without a shutdown.',
  },
  'sallyport.audit.foreign_failed': {
    level: 'error',
    message: 'the audit stream of another writer can not be finished',
    fields: ['directory', 'stream', 'error'],
    remedy: 'Look at the error and at `sallyport audit verify`; it is tried again at the next start.',
  },
  'sallyport.audit.retention_deleted': {
    level: 'info',
    message: 'deleted old segments of the audit log',
    fields: ['directory', 'stream', 'segments', 'retainedFrom'],
    remedy: 'Nothing.',
  },
  'sallyport.audit.retention_failed': {
    level: 'warn',
    message: 'old segments of the audit log can not be deleted',
    fields: ['directory', 'stream', 'error'],
    remedy: 'Make the directory writable; it is tried again.',
  },
  'sallyport.audit.retention_held': {
    level: 'warn',
    message: 'segments are kept longer than audit.retention says: they are still needed',
    fields: ['directory', 'stream', 'by'],
    remedy: 'See to the export named in `by`, or remove it from the configuration with its cursor.',
  },
} as const;
