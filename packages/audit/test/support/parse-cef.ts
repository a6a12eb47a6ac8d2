/** A line of CEF, taken apart. */
export interface CefEvent {
  readonly version: string;
  readonly vendor: string;
  readonly product: string;
  readonly deviceVersion: string;
  readonly eventClassId: string;
  readonly name: string;
  readonly severity: number;
  readonly extension: ReadonlyMap<string, string>;
}

/**
 * Reads a line by the letter of "Implementing ArcSight Common Event Format", rev. 26, sharing nothing with the writer: one character
 * after the other. Throws for an escape that is none, a character that must be escaped, a key that is there twice, a line end.
 */
export function parseCef(line: string): CefEvent {
  if (/[\r\n]/.test(line)) throw new Error('a line end');
  const [first = '', ...rest] = readHeader(line);
  const [vendor = '', product = '', deviceVersion = '', eventClassId = '', name = '', severity = '', tail = ''] = rest;
  const [, version = ''] = /^CEF:(\d+)$/.exec(first) ?? [];
  if (version === '' || rest.length !== 7) throw new Error('no header');
  if (!/^(?:[0-9]|10)$/.test(severity)) throw new Error(`severity ${severity}`);
  const extension = readExtension(tail);
  return { version, vendor, product, deviceVersion, eventClassId, name, severity: Number(severity), extension };
}

/** Seven fields that end with a pipe, and what follows. */
function readHeader(line: string): string[] {
  const fields: string[] = [];
  let field = '';
  let at = 0;
  while (at < line.length && fields.length < 7) {
    const char = line.charAt(at);
    if (char === '\\') {
      const next = line.charAt(at + 1);
      if (next !== '\\' && next !== '|') throw new Error(`\\${next} in the header`);
      field += next;
      at += 2;
      continue;
    }
    if (char === '|') {
      fields.push(field);
      field = '';
    } else field += char;
    at += 1;
  }
  return [...fields, line.slice(at)];
}

/** A key is the word before an equals sign that is not escaped; the value reaches to the space before the next key. */
function readExtension(text: string): ReadonlyMap<string, string> {
  const equals: number[] = [];
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '=') equals.push(at);
  }
  const members = new Map<string, string>();
  for (const [index, place] of equals.entries()) {
    const before = text.slice(0, place);
    const key = before.slice(before.lastIndexOf(' ') + 1);
    if (!/^[A-Za-z0-9]+$/.test(key) || members.has(key)) throw new Error(`key ${key}`);
    const next = equals[index + 1];
    const reach = next === undefined ? text.length : text.slice(0, next).lastIndexOf(' ');
    members.set(key, unescape(text.slice(place + 1, reach)));
  }
  return members;
}

function unescape(text: string): string {
  let value = '';
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] !== '\\') {
      value += text.charAt(at);
      continue;
    }
    at += 1;
    const next = text.charAt(at);
    const plain = { '\\': '\\', '=': '=', n: '\n', r: '\r' }[next];
    if (plain === undefined) throw new Error(`\\${next} in a value`);
    value += plain;
  }
  return value;
}
