/** Why a text can not be read as JSON or YAML. Never repeats the text, which may hold secrets. */
export class SyntaxFault extends Error {
  override readonly name = 'SyntaxFault';
}

/** `line 3, column 5` of an offset. */
export function positionOf(text: string, offset: number): string {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return `line ${line}, column ${before.length - before.lastIndexOf('\n')}`;
}
