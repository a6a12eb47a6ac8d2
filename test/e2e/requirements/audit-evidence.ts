import type { Requirement } from './requirement.ts';

/** What shows that nobody changed the audit log. */
export const auditEvidenceRequirements = {
  'AUDIT-EVIDENCE-SIGNED': {
    text: 'After a stop a signed checkpoint covers every record of the log, and a start goes on with the same tree.',
    source: 'Design, audit: evidence; C2SP tlog-checkpoint; RFC 9162 §2.1',
  },
  'AUDIT-EVIDENCE-TAMPERED': {
    text: 'On a log that is not what was signed the process does not start: one line names the file, and nothing is changed.',
    source: 'Design, audit: evidence (a tear inside signed data is tampering, not recovery)',
  },
  'AUDIT-EVIDENCE-ROTATED': {
    text: 'A new signing key is recorded, and the old one signs a checkpoint over that record.',
    source: 'Design, audit: keys',
  },
  'AUDIT-EVIDENCE-ANCHORED': {
    text: 'Checkpoints are held outside the log too, the last one at a stop, and an anchor that is down holds up no call.',
    source: 'Design, audit: evidence (only what was held outside can prove a rewrite)',
  },
} as const satisfies Readonly<Record<string, Requirement>>;
