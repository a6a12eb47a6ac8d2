const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+/;
const quoted = /^"((?:[\t \x21\x23-\x5b\x5d-\x7e]|\\[\t\x20-\x7e])*)"/;

/**
 * Parses a `WWW-Authenticate` field that must hold exactly one challenge, as strictly as RFC 9110 §11.6.1 allows: known
 * separators, quoted strings only, no parameter twice. Throws for anything else.
 */
export function parseChallenge(field: string): { scheme: string; params: Record<string, string> } {
  const scheme = token.exec(field)?.[0];
  if (scheme === undefined || field[scheme.length] !== ' ') throw new Error(`no scheme: ${field}`);
  const params = new Map<string, string>();
  let rest = field.slice(scheme.length + 1);
  for (;;) {
    const name = token.exec(rest)?.[0];
    if (name === undefined || rest[name.length] !== '=') throw new Error(`no parameter at: ${rest}`);
    const value = quoted.exec(rest.slice(name.length + 1));
    if (value === null) throw new Error(`no quoted string at: ${rest}`);
    if (params.has(name)) throw new Error(`${name} stands twice: ${field}`);
    params.set(name, (value[1] ?? '').replaceAll(/\\(.)/g, '$1'));
    rest = rest.slice(name.length + 1 + value[0].length);
    if (rest === '') return { scheme, params: Object.fromEntries(params) };
    if (!rest.startsWith(', ')) throw new Error(`no comma at: ${rest}`);
    rest = rest.slice(2);
  }
}
