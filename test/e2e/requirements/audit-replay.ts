import type { Requirement } from './requirement.ts';

/** Recorded calls that are decided again, and values that are looked for by their hash. */
export const auditReplayRequirements = {
  'REPLAY-DIFFERENCES': {
    text: 'Replaying the log of a server under a changed card finds exactly the calls that the server decides otherwise with that card.',
    source: 'UX, the operator: audit replay; docs/audit-replay.md',
  },
  'REPLAY-HONEST': {
    text: 'A recorded call whose answer depends on what the record does not hold is counted as not replayable, and no other call is.',
    source: 'docs/audit-replay.md, what can not be replayed',
  },
  'REPLAY-DEMO': {
    text: "Replaying the demo's own log under a changed card finds exactly the planted differences.",
    source: 'docs/audit-replay.md',
  },
  'REPLAY-SAME-POLICY': {
    text: 'Under the card that decided them no recorded call changes, whatever its record leaves out.',
    source: 'docs/audit-replay.md, the same policy',
  },
  'HASH-FINDS': {
    text: 'The hash that audit hash prints for a value is the one in the record of the call that sent it, and in no other.',
    source: 'docs/audit-hash.md',
  },
  'HASH-RECORDED': {
    text: 'Asking for a hash is recorded without the value and without its hash.',
    source: 'docs/audit-hash.md, what is recorded',
  },
} as const satisfies Readonly<Record<string, Requirement>>;
