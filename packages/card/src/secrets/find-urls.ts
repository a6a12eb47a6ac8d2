/** Longest scheme that is looked for. */
const maxScheme = 32;

/** The parts of a URL that matter here. As it is written: nothing is decoded, and the rest need not be valid. */
export interface FoundUrl {
  /** In lower case. */
  readonly scheme: string;
  /** What stands before the host: `user`, `user:password`. */
  readonly userInfo: string;
  /** `name=value` of query, fragment and of what a semicolon separates. */
  readonly parameters: readonly string[];
}

/**
 * The URLs in a text, wherever they stand: in Markdown, in quotes, behind `see:` or `url=`. Goes over each character a fixed number of
 * times.
 */
export function findUrls(text: string): FoundUrl[] {
  const found: FoundUrl[] = [];
  let from = 0;
  for (let at = text.indexOf('://'); at !== -1;) {
    const start = schemeStart(text, from, at);
    const next = text.indexOf('://', at + 3);
    // The scheme of a URL within a URL ends the outer one, so that no character is looked at twice.
    const limit = next === -1 ? text.length : schemeStart(text, at + 3, next);
    const rest = withoutPunctuation(text.slice(at + 3, urlEnd(text, at + 3, limit, text[start - 1])));
    if (start < at) found.push(read(text.slice(start, at).toLowerCase(), rest));
    from = limit;
    at = next;
  }
  return found;
}

function schemeStart(text: string, from: number, end: number): number {
  let start = end;
  while (start > from && end - start < maxScheme && /[0-9A-Za-z+.-]/.test(text.charAt(start - 1))) start -= 1;
  return start;
}

/** A URL ends at white space, a quote it began with, and at what Markdown and HTML put behind it. */
function urlEnd(text: string, start: number, limit: number, before: string | undefined): number {
  for (let at = start; at < limit; at += 1) {
    const character = text.charAt(at);
    if (/[\s<>"`|\\]/.test(character) || (character === "'" && before === "'")) return at;
    if (character === ']' && text[at + 1] === '(') return at;
  }
  return limit;
}

/** What ends a sentence or a bracket around the URL is none of it. */
function withoutPunctuation(url: string): string {
  let end = url.length;
  while (end > 0 && '.,;:!?)]}'.includes(url.charAt(end - 1))) end -= 1;
  return url.slice(0, end);
}

function read(scheme: string, rest: string): FoundUrl {
  const authorityEnd = rest.search(/[/?#]/);
  const authority = authorityEnd === -1 ? rest : rest.slice(0, authorityEnd);
  const userInfo = authority.slice(0, Math.max(0, authority.lastIndexOf('@')));
  return { scheme, userInfo, parameters: rest.split(/[?#&;]/).slice(1) };
}
