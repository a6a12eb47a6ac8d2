import type { AnchorInput } from './audit-anchor.ts';
import type { ExportInput } from './audit-export-input.ts';

/** When a segment is followed by a new one. */
export interface RotateInput {
  /** Bytes from which on nothing more is added. Default 256 MiB. */
  readonly bytes?: number;
  /** Hours from which on nothing more is added. Default 24. */
  readonly hours?: number;
}

/** When segments are deleted. */
export interface RetentionInput {
  /** Days after the last record of a segment. */
  readonly days: number;
  /** Bytes that the segments of a stream may have together. Default: no limit. */
  readonly bytes?: number;
}

/** The audit log as the file writes it. */
export interface AuditInput {
  /** Folder of the log, relative to the config file. Default `./audit`. */
  readonly directory?: string;
  /** A second folder that gets the same records, relative to the config file. Default: none. */
  readonly mirror?: string;
  /** Name of this writer's stream. Default: the host name. */
  readonly stream?: string;
  /** What happens when a decision can not be made durable. Default `strict`. */
  readonly mode?: 'strict' | 'at-least-one' | 'available';
  /** How much of a call is recorded. Default `metadata`. */
  readonly level?: 'metadata' | 'request' | 'full';
  /** First part of the checkpoint origin. Default: the resource without its scheme. */
  readonly origin?: string;
  /** Ed25519 key that signs checkpoints. Default: generated beside the log. */
  readonly signingKey?: string;
  /** The key that `signingKey` replaces. */
  readonly previousSigningKey?: string;
  /** Secret of the keyed hashes in records. Default: generated beside the log. */
  readonly hashKey?: string;
  /** Record keyed hashes instead of subjects. Default false. */
  readonly pseudonymizeSubjects?: boolean;
  readonly rotate?: RotateInput;
  /** Default: nothing is deleted. */
  readonly retention?: RetentionInput;
  /** Places outside the host that keep checkpoints. Default: none. */
  readonly anchors?: readonly AnchorInput[];
  /** Where records are sent besides the log. Default: nowhere. */
  readonly export?: readonly ExportInput[];
}
