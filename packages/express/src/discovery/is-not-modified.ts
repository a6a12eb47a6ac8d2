/** Tags that are looked at; a client that remembers more versions of one document than this gets it again. */
const maxTags = 64;

/**
 * Whether `If-None-Match` names the current version (RFC 9110 §13.1.2): `*`, or a list with its tag by the weak comparison. What is no
 * entity tag matches nothing. A tag may hold commas, so the list is read and not split.
 *
 * @param etag the strong entity tag of the document, with its quotes
 */
export function isNotModified(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  if (header.trim() === '*') return true;
  let at = 0;
  for (let count = 0; count < maxTags && at < header.length; count += 1) {
    at = skip(header, at);
    if (header.startsWith('W/', at)) at += 2;
    if (header[at] !== '"') return false;
    const end = header.indexOf('"', at + 1);
    if (end === -1) return false;
    if (header.slice(at, end + 1) === etag) return true;
    at = end + 1;
  }
  return false;
}

/** Past white space and commas: a list may have empty members (RFC 9110 §5.6.1). */
function skip(text: string, from: number): number {
  let at = from;
  while (text[at] === ' ' || text[at] === '\t' || text[at] === ',') at += 1;
  return at;
}
