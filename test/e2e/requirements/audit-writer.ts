import type { Requirement } from './requirement.ts';

/** What the audit log writes, and what becomes of it when something fails. */
export const auditWriterRequirements = {
  'AUDIT-KILL': {
    text: 'A process that is killed at any moment under load leaves every answered call in the log with its outcome, no effect without its decision, and a log that the next start completes.',
    source: 'Design, audit (durable before the tool runs)',
  },
  'AUDIT-DRAIN': {
    text: 'On SIGTERM with a hundred calls in flight each of them ends, is answered and is recorded before the process exits.',
    source: 'Design, audit; OWASP ASVS 5 V16',
  },
  'AUDIT-GONE': {
    text: 'Nothing is acknowledged into a file whose name is gone: when the audit directory was removed, no call runs in mode strict and readiness says so.',
    source: 'Design, audit; OWASP ASVS 5 V16',
  },
  'AUDIT-LEVEL-REQUEST': {
    text: 'Level request records arguments in clear but for what the card calls sensitive, has the name of a credential or looks like one.',
    source: 'Design, audit (redaction)',
  },
  'AUDIT-LEVEL-FULL': {
    text: 'Level full records the result with the outcome, redacted as arguments are; bytes only by length and keyed hash.',
    source: 'Design, audit (redaction); data minimisation',
  },
  'AUDIT-MIRROR': {
    text: 'In mode at-least-one calls go on while one of two copies of the log is away; readiness tells, and the copy says what it lacks when it is back.',
    source: 'Design, audit (modes)',
  },
  'AUDIT-CARD-MODE': {
    text: 'The card chooses mode and level of a tool, against those of the deployment.',
    source: 'Design, Server Card',
  },
  'AUDIT-ROTATE': {
    text: 'A segment that has had its bytes is followed by a new one, and what retention deletes is declared in the log.',
    source: 'Design, audit (segments, retention)',
  },
  'AUDIT-LARGE': {
    text: 'Arguments of any size and shape are recorded bounded, with their bytes and a digest, and hold up nobody.',
    source: 'Design, audit (truncation)',
  },
} as const satisfies Readonly<Record<string, Requirement>>;
