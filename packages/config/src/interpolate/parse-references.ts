/** A text taken apart: what stands for itself and what is to be looked up. */
export type Part =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'env'; readonly name: string }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'malformed'; readonly text: string };

/**
 * Finds `${env:NAME}` and `${file:PATH}` in a text; `$${` stands for `${`. Anything else after `${` is malformed.
 * What a reference is replaced by is never searched again.
 */
export function parseReferences(text: string): readonly Part[] {
  const parts: Part[] = [];
  let at = 0;
  while (at < text.length) {
    const open = text.indexOf('${', at);
    if (open === -1) break;
    if (open > at && text[open - 1] === '$') {
      parts.push({ kind: 'literal', text: `${text.slice(at, open - 1)}\${` });
      at = open + 2;
      continue;
    }
    if (open > at) parts.push({ kind: 'literal', text: text.slice(at, open) });
    const close = text.indexOf('}', open);
    const end = close === -1 ? text.length : close + 1;
    parts.push(readReference(text.slice(open, end)));
    at = end;
  }
  if (at < text.length) parts.push({ kind: 'literal', text: text.slice(at) });
  return parts;
}

function readReference(text: string): Part {
  const name = /^\$\{env:([A-Za-z_][A-Za-z0-9_]*)\}$/.exec(text)?.[1];
  if (name !== undefined) return { kind: 'env', name };
  const path = /^\$\{file:([^}]+)\}$/.exec(text)?.[1];
  return path === undefined ? { kind: 'malformed', text } : { kind: 'file', path };
}
