/**
 * True when there is a text and it fits the pattern, in which `*` stands for any characters and everything else for itself. Without regular
 * expressions: the work is at most the product of the two lengths.
 */
export function matchesWildcard(pattern: string, text: string | undefined): boolean {
  if (text === undefined) return false;
  let at = 0;
  let inPattern = 0;
  let star = -1;
  let resume = 0;
  while (at < text.length) {
    if (pattern[inPattern] === '*') {
      star = inPattern;
      resume = at;
      inPattern += 1;
    } else if (inPattern < pattern.length && pattern[inPattern] === text[at]) {
      inPattern += 1;
      at += 1;
    } else if (star !== -1) {
      // The last star takes one character more.
      resume += 1;
      at = resume;
      inPattern = star + 1;
    } else {
      return false;
    }
  }
  while (pattern[inPattern] === '*') inPattern += 1;
  return inPattern === pattern.length;
}
