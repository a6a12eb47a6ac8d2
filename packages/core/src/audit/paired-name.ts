import { isCredentialName } from './credential-name.ts';

const labels = ['name', 'key', 'header', 'Name', 'Key'] as const;
const values: ReadonlySet<string> = new Set(['value', 'values', 'val', 'Value', 'Values']);

/**
 * Whether a member is the value of a credential that is named beside it: `{ "name": "Authorization", "value": … }`,
 * `["Authorization", …]`, or a list of headers in which names and values take turns.
 */
export function isPairedSecret(container: object, key: string | number): boolean {
  if (!Array.isArray(container)) {
    if (typeof key !== 'string' || !values.has(key)) return false;
    const members = container as Readonly<Record<string, unknown>>;
    return labels.some((label) => isName(members[label]));
  }
  const index = Number(key);
  return isPairedElement(container.length, index, container[index - 1], container[index]);
}

/** The same for an element of a list of this length, for who has read it and the one before it already. */
export function isPairedElement(length: number, index: number, previous: unknown, value: unknown): boolean {
  if (index % 2 === 0 || length % 2 !== 0 || !isName(previous)) return false;
  // A list of words that happens to begin with one of them is no pair.
  return length === 2 ? !isName(value) : headers.test(previous.toLowerCase());
}

const headers = /^(?:proxy-)?authorization$|^(?:set-)?cookie$|api-?key$|token$/;

function isName(value: unknown): value is string {
  return typeof value === 'string' && value.length <= 128 && isCredentialName(value);
}
