import { isJsonObject, member, type JsonValue } from '@sallyport/core';
import { mediaTypes } from '../publish/media-types.ts';

/** An entry for a Server Card: where the card is, or the card itself. */
export type CatalogEntry =
  | { readonly pointer: string; readonly url: URL }
  /** `data` is the card, at `pointer` of the catalog. */
  | { readonly pointer: string; readonly data: JsonValue };

export interface Catalog {
  readonly entries: readonly CatalogEntry[];
  /** Pointers to entries for a Server Card that lead to none, and why. */
  readonly broken: readonly { readonly pointer: string; readonly problem: string }[];
}

/** More cards than anybody chooses from. */
const maxEntries = 100;

/** The Server Cards that an AI Catalog names, in its order; a text says why it is no catalog. Entries of other types are not looked at. */
export function readCatalog(value: JsonValue): Catalog | string {
  const list = member(value, 'entries');
  if (!isJsonObject(value) || !Array.isArray(list)) return 'is no AI Catalog: it has no list of entries';
  const [entries, broken]: [CatalogEntry[], { pointer: string; problem: string }[]] = [[], []];
  list.forEach((entry: JsonValue, index) => {
    if (member(entry, 'type') !== mediaTypes.serverCard || entries.length >= maxEntries) return;
    const found = readEntry(entry, `/entries/${index}`);
    if ('problem' in found) broken.push(found);
    else entries.push(found);
  });
  return { entries, broken };
}

function readEntry(entry: JsonValue, pointer: string): CatalogEntry | { pointer: string; problem: string } {
  const [url, data] = [member(entry, 'url'), member(entry, 'data')];
  if ((url === undefined) === (data === undefined))
    return { pointer, problem: 'must have exactly one of url and data' };
  if (data !== undefined) return { pointer: `${pointer}/data`, data };
  const parsed = typeof url === 'string' && url.length <= 2048 && URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || (parsed.protocol !== 'https:' && parsed.protocol !== 'http:'))
    return { pointer: `${pointer}/url`, problem: 'is not an https URL' };
  if (parsed.username !== '' || parsed.password !== '')
    return { pointer: `${pointer}/url`, problem: 'must not contain credentials' };
  parsed.hash = '';
  return { pointer: `${pointer}/url`, url: parsed };
}
