import { isCredentialName } from '@sallyport/core';

/** Stands for a variable in a text. From the private use area, so that no card has it. */
const variable = '\uE000';

/** What a flag or a column of documentation says instead of a value. */
const words: ReadonlySet<string> = new Set('true false yes no null none undefined string required optional'.split(' '));

/** The text with one character for each `{variable}` of a URL template or an input. Other braces stay: JSON has them too. */
export function withoutVariables(text: string): string {
  return text.replace(/\{[^{}]*\}/g, (found) => (/["=]|:(?:\/\/|\s)/.test(found) ? found : variable));
}

/**
 * True for a value that is itself what its reader would use: not one with variables, not `$PASSWORD`, `%s`, `***`, `…`, `YOUR_KEY` or
 * `true`, and not the name of its own parameter.
 */
export function isLiteral(value: string, name = ''): boolean {
  if (value === '' || value.includes(variable) || words.has(value)) return false;
  if (/^(?:[*.•…]+|[xX]+|%s|%[A-Z_]+%|\$\(.*|\$[A-Z][0-9A-Z_]*)$/.test(value)) return false;
  if (/^(?:your[-_A-Z]|YOUR[-_])/.test(value) || /^[A-Z_-]*(?:KEY|TOKEN|PASSWORD|SECRET)$/.test(value)) return false;
  if (value.startsWith('$') && isCredentialName(value)) return false;
  return plain(value) !== plain(name) || plain(value) === '';
}

function plain(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]/g, '');
}
