import type { Requirement } from './requirement.ts';

/** What the process says of itself. */
export const operationalLogRequirements = {
  'OPLOG-EVENT': {
    text: 'Every line of the operational log is one JSON object with a code of the catalogue, and has its level, its message and its fields.',
    source: 'Operational logs',
  },
  'OPLOG-LIFECYCLE': {
    text: 'A process says once what it guards when it is up and once that it is closed, and when it becomes ready or unready.',
    source: 'Operational logs',
  },
  'OPLOG-OUTAGE': {
    text: 'What fails outside the process is said when it begins and when it is over: an issuer, a receiver of records, the disk.',
    source: 'Operational logs',
  },
  'OPLOG-FLOOD': {
    text: 'No caller can fill the operational log: 60 lines of an event in a minute, and the exact number of the others.',
    source: 'Operational logs',
  },
  'OPLOG-NO-SECRET': {
    text: 'No token, session id or argument is in a line of the operational log, at no level.',
    source: 'Operational logs; MCP security best practices, token theft',
  },
} as const satisfies Readonly<Record<string, Requirement>>;
