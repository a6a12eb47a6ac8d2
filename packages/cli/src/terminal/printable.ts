/** Control, format (text direction, zero width), unassigned and private characters, lone surrogates, line and paragraph separators. */
const unprintable = /[\p{C}\p{Zl}\p{Zp}]/gu;
const unprintableButLineFeedAndTab = /(?![\n\t])[\p{C}\p{Zl}\p{Zp}]/gu;
const unprintableInCell = /(?![\n\t]|\r\n)[\p{C}\p{Zl}\p{Zp}]/gu;

/**
 * The text on one line, with everything that could move the cursor, colour, hide or reorder text written as `\u{…}`. Whatever
 * comes from a log, a card or a server goes through here before it reaches a terminal.
 */
export function printable(text: string): string {
  return text.replace(unprintable, escapeCharacter);
}

/** The same for a text of several lines: line feeds and tabs stay. */
export function printableLines(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(unprintableButLineFeedAndTab, escapeCharacter);
}

/** The same for a cell of a spreadsheet: line ends and tabs stay. A carriage return alone overwrites the line. */
export function printableCell(text: string): string {
  return text.replace(unprintableInCell, escapeCharacter);
}

/** A value as JSON on one line. What a terminal would act on is written as `\uXXXX`, so it reads back as the same value. */
export function printableJson(value: unknown): string {
  return JSON.stringify(value).replace(unprintable, escapeInJson);
}

/** A text that is JSON already, of several lines: the same for it. */
export function printableJsonLines(json: string): string {
  return json.replace(unprintableButLineFeedAndTab, escapeInJson);
}

function escapeInJson(character: string): string {
  let escaped = '';
  for (let index = 0; index < character.length; index += 1) {
    escaped += `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`;
  }
  return escaped;
}

function escapeCharacter(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
