import type { Requirement } from './requirement.ts';

const source = 'Rules, section G, audit trail';

/** What the audit trail promises, row by row. The ids are those of the rows; their numbering has gaps. */
export const auditRuleRequirements = {
  'G-01': { text: 'One request leaves exactly one decision, and an allowed one exactly one outcome.', source },
  'G-02': {
    text: 'Every kind of refusal is recorded, with its reason, status, principal and target as far as known.',
    source,
  },
  'G-03': { text: 'Whatever stands in a name, an event is one line that parses back to it.', source },
  'G-05': { text: 'Lone surrogates and bytes that are no UTF-8 give valid UTF-8 in the record.', source },
  'G-06': {
    text: 'Huge, deep and cyclic arguments are recorded as counts and hashes, without throwing or blocking.',
    source,
  },
  'G-07': { text: 'Encoded binary data is recorded as length and keyed hash only.', source },
  'G-09': {
    text: 'No spelling of a name and no detour through errors and results brings a credential into a record.',
    source,
  },
  'G-10': { text: 'No token, proof or secret is in any sink at any log level, in no encoding and in no part.', source },
  'G-11': { text: 'Of a token only its id is recorded, as a keyed hash.', source },
  'G-13': {
    text: 'A tool that ends the process leaves its decision behind, and the next start closes it as aborted.',
    source,
  },
  'G-14': { text: 'A client that goes away leaves exactly one outcome, disconnected.', source },
  'G-15': { text: 'A streamed answer leaves one outcome, whatever number of events it has.', source },
  'G-17': {
    text: 'A long-lived stream leaves one record when it opens and one when it closes, with the reason.',
    source,
  },
  'G-18': { text: 'An error inside HTTP 200 is recorded as what it is: error or tool_error.', source },
  'G-19': {
    text: 'A sink that is slow, full or gone has the effect that the audit mode names, and never another.',
    source,
  },
  'G-21': { text: 'A process that is asked to stop has every record on disk before it exits.', source },
  'G-22': {
    text: 'Deleted, altered, reordered and truncated lines are found by verification, each under its own name.',
    source,
  },
  'G-23': {
    text: 'When the clock jumps, times stay RFC 3339 in UTC, durations are not negative, and order is by sequence.',
    source,
  },
  'G-25': {
    text: 'Trace context of a client is used when it is valid and dropped when not; baggage is never recorded.',
    source,
  },
  'G-26': {
    text: 'Every attempt has an id of the server; what a client calls it stands apart, bounded and made harmless.',
    source,
  },
  'G-27': { text: 'The address of a caller is that of the connection, unless a trusted proxy says otherwise.', source },
  'G-29': {
    text: 'Names and e-mail addresses are not recorded, and subjects only as keyed hashes where that is asked for.',
    source,
  },
  'G-30': { text: 'The files of the log belong to their owner alone, and nothing serves them.', source },
  'G-31': {
    text: 'A flood of anonymous refusals becomes a few records with exact counts; others are recorded one by one.',
    source,
  },
} as const satisfies Readonly<Record<string, Requirement>>;
