import { looksLikeCredential } from '../audit/credential-like.ts';
import { boundedText } from '../text/bounded-text.ts';
import { errorText } from './error-text.ts';

const maxText = 1_024;
const maxMembers = 32;
const maxDepth = 4;

/** Stands for a text that looks like a credential. */
const hidden = '[hidden: looks like a credential]';

/**
 * A value as it may stand in a log line: bounded, one line, and nothing that looks like a credential. Of an error its name, code and
 * message stay.
 */
export function loggedValue(value: unknown, maxLength: number = maxText): unknown {
  return logged(value, maxLength, 0);
}

function logged(value: unknown, maxLength: number, depth: number): unknown {
  switch (typeof value) {
    case 'string':
      return loggedText(value, maxLength);
    case 'number':
    case 'boolean':
      return value;
    case 'bigint':
      return String(value);
    case 'object':
      break;
    default:
      return undefined;
  }
  if (value === null) return null;
  if (value instanceof Error) return loggedText(errorText(value), maxLength);
  if (depth >= maxDepth) return '…';
  if (Array.isArray(value)) return value.slice(0, maxMembers).map((item) => logged(item, maxLength, depth + 1));
  const members = Object.entries(value).slice(0, maxMembers);
  return Object.fromEntries(members.map(([key, item]) => [loggedText(key, 64), logged(item, maxLength, depth + 1)]));
}

function loggedText(text: string, maxLength: number): string {
  // Somewhat more than is shown: a credential that is cut is still one.
  const seen = text.length > maxLength + maxText ? text.slice(0, maxLength + maxText) : text;
  if (looksLikeCredential(seen)) return hidden;
  return boundedText(seen, maxLength).replace(
    /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    escapeCharacter,
  );
}

/** Not control characters below U+0020: JSON escapes them. These break or turn a line in a terminal or a log reader. */
function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
