import type { IncomingMessage } from 'node:http';

/** Every field line of a header, in order. Node's `headers` keeps only the first of some and joins others. */
export function fieldLines(req: IncomingMessage, lowerCaseName: string): string[] {
  const lines: string[] = [];
  const raw = req.rawHeaders;
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i];
    const value = raw[i + 1];
    if (
      name !== undefined &&
      value !== undefined &&
      name.length === lowerCaseName.length &&
      name.toLowerCase() === lowerCaseName
    ) {
      lines.push(value);
    }
  }
  return lines;
}

/**
 * Removes headers from every list Node keeps of them: `headers`, `rawHeaders` and `headersDistinct`. A name that differs only by
 * underscores goes too: what is behind may take it for the same (CGI and its heirs do).
 */
export function removeHeaders(req: IncomingMessage, lowerCaseNames: ReadonlySet<string>): void {
  // Node makes both objects from `rawHeaders` when they are first asked for, and would trip over the shorter list.
  const { headers, headersDistinct, rawHeaders } = req;
  for (let i = rawHeaders.length - 2; i >= 0; i -= 2) {
    const name = rawHeaders[i]?.toLowerCase();
    if (name === undefined || !lowerCaseNames.has(name.replaceAll('_', '-'))) continue;
    rawHeaders.splice(i, 2);
    delete headers[name];
    delete headersDistinct[name];
  }
}

/** Node shows this many fields; it reports neither those beyond nor what they said about credentials and body. */
const shownFields = 1_000;

/** True when the request may have fields that Node does not show. */
export function mayHideFields(req: IncomingMessage): boolean {
  return req.rawHeaders.length >= 2 * shownFields;
}
