import type { Requirement } from './requirement.ts';

/** Records that leave the host. */
export const auditExportRequirements = {
  'EXPORT-EVERY-RECORD': {
    text: 'Every record of the log reaches an OTLP receiver at least once, and a record that comes twice has the same id.',
    source: 'Audit log, export',
  },
  'EXPORT-OUTAGE': {
    text: 'A receiver that is down or fails loses no record, holds up no call and does not make the process unready.',
    source: 'Audit log, export; OTLP specification, failures',
  },
  'EXPORT-ACKNOWLEDGED': {
    text: 'Only an OTLP acknowledgement that rejects nothing counts: not a page with 200, not a redirect, not a partial success.',
    source: 'OTLP specification, OTLP/HTTP response',
  },
  'EXPORT-RESTART': {
    text: 'What a process that was killed had not sent is sent by the next one.',
    source: 'Audit log, export',
  },
  'EXPORT-DRAIN': {
    text: 'On SIGTERM the last records are sent before the process exits, and a receiver that is down delays the exit by seconds at most.',
    source: 'Audit log, export',
  },
  'EXPORT-NO-SECRET': {
    text: 'No token, secret or session id reaches a receiver, whether it stood in a header, an argument, a URL, an error or a result.',
    source: 'Audit log, redaction; MCP security best practices, token theft',
  },
  'EXPORT-STDOUT': {
    text: 'An export to standard output prints every record as the line that it is in the log.',
    source: 'Audit log, export',
  },
  'EXPORT-SYSLOG': {
    text: 'An export to syslog brings every record to its receiver at least once, as RFC 5424 with octet counting, also after an outage or a kill.',
    source: 'Audit log, export; RFC 5424; RFC 6587 §3.4.1',
  },
  'EXPORT-WEBHOOK': {
    text: 'A webhook gets every record at least once, in requests that its secret proves to be ours, also after an outage or a kill.',
    source: 'Audit log, export; Standard Webhooks 1.0',
  },
  'EXPORT-CONFIGURED': {
    text: 'An export exists only by the configuration file: OTEL_* variables create none.',
    source: 'Audit log, export',
  },
  'EXPORT-START': {
    text: 'An export that can not be set up ends the process before it listens, with one line that names file, field and remedy.',
    source: 'Start',
  },
} as const satisfies Readonly<Record<string, Requirement>>;
