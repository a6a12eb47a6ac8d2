import type { AuditLevel, AuditMode, Clock, Observer, OperationalLogger } from '@sallyport/core';
import type { CheckpointAnchor } from '../anchor/checkpoint-anchor.ts';
import type { AnchorConfig } from '../anchor/create-anchor.ts';
import type { RetentionPolicy } from '../retention/retention-policy.ts';
import type { RotatePolicy } from '../segment/rotate-policy.ts';
import type { SegmentFileSystem } from '../segment/segment-file-system.ts';

export interface OpenAuditLogOptions {
  /** Absolute path; made with mode 0700 when missing. */
  readonly directory: string;
  /** Name of this writer's log in the directory: letters, digits, `.`, `_`, `-`, at most 128. One process at a time. */
  readonly stream: string;
  /**
   * A second directory, on another disk, that gets the same records under the same stream name, in the same format: with its own
   * lock, sequence, gaps and evidence. Default: none.
   */
  readonly mirror?: string;
  /**
   * What happens to a call that can not be recorded. Default `strict`: it is refused unless its decision is durable in every copy.
   * `at-least-one`: unless it is durable in the log or in its mirror. `available`: it goes on, and what is lost is counted. What is
   * not a decision is durable with one copy.
   */
  readonly mode?: AuditMode;
  /** How long segments are kept. Default: for ever. */
  readonly retention?: RetentionPolicy;
  /**
   * Names of the exports that are started on this log (`startAuditExport`). Retention keeps what they have not sent, also before they
   * begin and when they have lost their cursor. Default: none.
   */
  readonly exports?: readonly string[];
  /** When a segment is followed by a new one. Default: after 256 MiB or 24 hours. */
  readonly rotate?: Partial<RotatePolicy>;
  /** What is recorded of arguments. Default `metadata`: keyed hashes only. */
  readonly level?: AuditLevel;
  /**
   * Key of the hashes in records, at least 32 bytes: raw bytes, or a string: hexadecimal when it consists of hexadecimal digits
   * alone, else Base64 or Base64url. Default: `hash-<stream>.key` in the directory, made when missing, with a warning.
   */
  readonly hashKey?: string | Uint8Array;
  /** Record keyed hashes instead of the subjects of callers and of those they act for. Default false. */
  readonly pseudonymizeSubjects?: boolean;
  /** First part of the origin of the checkpoints and of the name of their key; the stream follows it. Default `localhost`. */
  readonly origin?: string;
  /**
   * Ed25519 key that signs the checkpoints: PKCS#8 in PEM, or its seed of 32 bytes, raw or in hexadecimal or Base64. Default:
   * `signing-<stream>.key` in the directory, made when missing, with a warning.
   */
  readonly signingKey?: string | Uint8Array;
  /** The key that signed before, so that it can sign for its successor. Not needed any more after one start. */
  readonly previousSigningKey?: string | Uint8Array;
  /** Where checkpoints are kept outside the log. Default: nowhere. */
  readonly anchors?: readonly (CheckpointAnchor | AnchorConfig)[];
  /** Whether the streams of dead writers in the directory are finished too. Default true; not for who only reads the log. */
  readonly recoverOthers?: boolean;
  readonly clock?: Clock;
  readonly log?: OperationalLogger;
  readonly observer?: Observer;
  /** The disk, and that of the mirror; for tests that cause faults. */
  readonly fileSystem?: SegmentFileSystem;
  readonly mirrorFileSystem?: SegmentFileSystem;
}
