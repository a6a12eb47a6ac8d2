/** A text that is no JSON from its first to its last character may hold so many JSON texts that are looked for. */
const maxTried = 32;

/** Whether a text begins as JSON does, alone or behind what announces it: a byte order mark, `data:` of an event, a code fence. */
export function beginsAsJson(text: string): boolean {
  const begin = text.slice(0, 256).trimStart();
  const first = begin.replace(/^(?:data:|`{3}[a-z]{0,16})\s*/, '');
  return /^[[{"]/.test(first) || (first === '' && text.length > 256);
}

/**
 * The JSON values in a text: the text itself; from its first to its last bracket; each line, behind `data:` where it is one of
 * an event stream. `undefined` when there are too many beginnings to try. The text must be short: each is parsed.
 */
export function jsonValuesIn(text: string): readonly unknown[] | undefined {
  const values: unknown[] = [];
  const whole = text.trim();
  if (tryParse(whole, values)) return values;
  const from = whole.search(/[[{]/);
  if (from === -1) return values;
  const to = Math.max(whole.lastIndexOf(']'), whole.lastIndexOf('}'));
  if (tryParse(whole.slice(from, to + 1), values)) return values;
  let tried = 0;
  for (const line of whole.split('\n')) {
    const json = (line.startsWith('data:') ? line.slice(5) : line).trim();
    if (!/^[[{"]/.test(json)) continue;
    tried += 1;
    if (tried > maxTried) return undefined;
    tryParse(json, values);
  }
  return values;
}

function tryParse(text: string, values: unknown[]): boolean {
  if (!/^[[{"]/.test(text)) return false;
  try {
    values.push(JSON.parse(text));
    return true;
  } catch {
    return false;
  }
}
