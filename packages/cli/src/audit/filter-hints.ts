import { jsonText, type ScanHints } from '@sallyport/audit';
import type { RecordFilter } from './record-filter.ts';

/**
 * What stands in the line of every record that fits a filter: it spares a closer look at the others. An address is not among it, because
 * it can be written in several ways.
 */
export function filterHints(filter: RecordFilter): ScanHints {
  const { subject, client, issuer, tool, method, decision, reason, hash, call, sinceMs, untilMs } = filter;
  const texts = [
    ...[subject, client, issuer, decision].map((value) => (value === undefined ? undefined : jsonText(value))),
    ...[tool, method, reason].map((pattern) => (pattern === undefined ? undefined : longestPart(pattern))),
    hash,
    call === undefined ? undefined : `"${call}`,
    filter.wouldDeny === true ? '"enforced"' : undefined,
  ].filter((text) => text !== undefined);
  return {
    ...(texts.length > 0 && { texts }),
    ...(sinceMs !== undefined && { sinceMs }),
    ...(untilMs !== undefined && { untilMs }),
  };
}

/** The longest text between the stars of a pattern. Without stars it is the whole string. */
function longestPart(pattern: string): string | undefined {
  if (!pattern.includes('*')) return jsonText(pattern);
  const [longest = ''] = pattern.split('*').toSorted((a, b) => b.length - a.length);
  return longest === '' ? undefined : jsonText(longest)?.slice(1, -1);
}
