const token =
  /[ \t\n\r]*(?:(?<mark>[{}[\],:])|(?<text>"(?:[ !#-[\]-\uFFFF]|\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}))*")|(?<word>true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[Ee][+-]?[0-9]+)?))/y;

type Expected = 'value' | 'value or end' | 'name' | 'name or end' | 'colon' | 'next' | 'nothing';

/**
 * The offset at which a text stops being JSON (RFC 8259), for a text that is none. The length of the text when it only ends too early.
 * Needed because engines tell the place of a mistake in some messages and not in others.
 */
export function findJsonFault(text: string): number {
  const open: ('{' | '[')[] = [];
  let expected: Expected = 'value';
  const afterValue = (): Expected => (open.length === 0 ? 'nothing' : 'next');
  for (let at = 0; ; at = token.lastIndex) {
    token.lastIndex = at;
    const found = token.exec(text)?.groups;
    const fault = skipSpace(text, at);
    if (found === undefined) return fault;
    const kind = found['mark'] ?? (found['text'] === undefined ? 'word' : 'text');
    const isValue = expected === 'value' || expected === 'value or end';
    const isEnd = expected === 'next' || expected.endsWith('or end');
    if ((kind === 'word' || kind === 'text') && isValue) expected = afterValue();
    else if (kind === 'text' && expected.startsWith('name')) expected = 'colon';
    else if (kind === ':' && expected === 'colon') expected = 'value';
    else if (kind === ',' && expected === 'next') expected = open.at(-1) === '{' ? 'name' : 'value';
    else if ((kind === '{' || kind === '[') && isValue) {
      open.push(kind);
      expected = kind === '{' ? 'name or end' : 'value or end';
    } else if (isEnd && kind === (open.at(-1) === '{' ? '}' : ']')) {
      open.pop();
      expected = afterValue();
    } else return fault;
  }
}

function skipSpace(text: string, start: number): number {
  let at = start;
  while (text[at] === ' ' || text[at] === '\t' || text[at] === '\n' || text[at] === '\r') at += 1;
  return at;
}
