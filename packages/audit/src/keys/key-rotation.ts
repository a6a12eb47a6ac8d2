import type { AuditEntry } from '@sallyport/core';

/** A key of the log that has changed. */
export interface KeyRotation {
  readonly kind: 'signing' | 'hash';
  /** Ids of the keys. */
  readonly old: string;
  readonly new: string;
  /** Verifier keys, of signing keys only: who trusts the old one and sees it sign this record, can trust the new one. */
  readonly oldKey?: string;
  readonly newKey?: string;
}

/** The record of a rotation. It belongs into the first segment written with the new key. */
export function keyRotatedEntry(rotation: KeyRotation): AuditEntry {
  return { type: 'audit.key_rotated', detail: { ...rotation } };
}
