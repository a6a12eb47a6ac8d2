import { SetupError } from '@sallyport/core';
import { mediaTypes } from '../publish/media-types.ts';
import type { FetchedServerCard, FetchFinding } from './fetched-card.ts';
import type { ReceivedDocument } from './get-document.ts';
import { cardResult, namesEndpoint, tryCard, tryDocument, type LookUp } from './look-up.ts';
import { parseDocument } from './parse-document.ts';
import { readCatalog, type CatalogEntry } from './read-catalog.ts';
import { readFetchedCard } from './read-fetched-card.ts';

/** Cards of one catalog that are fetched in search of the one that names an endpoint. */
const maxFetched = 8;

/**
 * The card that the AI Catalog of an origin leads to. Without an endpoint there must be exactly one; with one it is the card that names it.
 *
 * @throws SetupError `ERR_CARD_FETCH` when there are several to choose from
 */
export async function tryCatalog(lookUp: LookUp, origin: string): Promise<FetchedServerCard | undefined> {
  const document = await tryDocument(lookUp, new URL('/.well-known/ai-catalog.json', origin), mediaTypes.aiCatalog);
  if (document === undefined) return undefined;
  const entries = entriesOf(lookUp, document);
  const [first] = entries;
  if (first === undefined) {
    lookUp.tried.push({ url: document.url.href, problem: 'lists no Server Card that can be had' });
    return undefined;
  }
  if (lookUp.endpoint === undefined && entries.length > 1) throw severalCards(document.url, entries);
  if (lookUp.endpoint === undefined) return tryEntry(lookUp, document, first);
  for (const entry of entries.slice(0, maxFetched)) {
    const found = await tryEntry(lookUp, document, entry);
    if (found?.card !== undefined && namesEndpoint(found.card.remotes, lookUp.endpoint)) return found;
  }
  lookUp.tried.push({ url: document.url.href, problem: `lists no card that names ${lookUp.endpoint.href}` });
  return undefined;
}

function entriesOf({ notes }: LookUp, { url, body }: ReceivedDocument): readonly CatalogEntry[] {
  const parsed = parseDocument(body);
  const catalog = 'finding' in parsed ? parsed.finding.problem : readCatalog(parsed.value);
  const note = (pointer: string, problem: string): FetchFinding => ({
    finding: 'catalog',
    level: 'warn',
    pointer: '',
    problem: `${url.href}${pointer === '' ? '' : ` ${pointer}`} ${problem}`,
  });
  if (typeof catalog === 'string') {
    notes.push(note('', catalog));
    return [];
  }
  notes.push(...catalog.broken.slice(0, 10).map(({ pointer, problem }) => note(pointer, problem)));
  return catalog.entries;
}

async function tryEntry(
  lookUp: LookUp,
  document: ReceivedDocument,
  entry: CatalogEntry,
): Promise<FetchedServerCard | undefined> {
  if ('data' in entry) {
    return cardResult(lookUp, readFetchedCard(entry.data), { document, via: 'ai-catalog', pointer: entry.pointer });
  }
  const found = await tryCard(lookUp, entry.url, 'ai-catalog');
  if (found === undefined || entry.url.origin === document.url.origin) return found;
  const problem = `${document.url.origin} says that it is here; whether this origin agrees, nobody knows`;
  return { ...found, findings: [...found.findings, { finding: 'other-origin', level: 'warn', pointer: '', problem }] };
}

function severalCards(catalog: URL, entries: readonly CatalogEntry[]): SetupError {
  const urls = entries.flatMap((entry) => ('url' in entry ? [entry.url.href] : []));
  const shown = urls.slice(0, 10).join(', ');
  return new SetupError({
    code: 'ERR_CARD_FETCH',
    problem: `${catalog.href} lists ${entries.length} Server Cards${shown === '' ? '' : `: ${shown}${urls.length > 10 ? ', …' : ''}`}`,
    remedy: 'give the URL of one of them, or that of the MCP endpoint',
  });
}
