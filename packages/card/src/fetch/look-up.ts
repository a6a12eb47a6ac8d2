import { FetchProblem } from '@sallyport/core';
import { mediaTypes } from '../publish/media-types.ts';
import type { CardVia, FetchedServerCard, FetchFinding } from './fetched-card.ts';
import { getDocument, type DocumentSource, type ReceivedDocument } from './get-document.ts';
import { parseDocument } from './parse-document.ts';
import { readFetchedCard } from './read-fetched-card.ts';

/** One search for a card: what is known so far. */
export interface LookUp {
  readonly source: DocumentSource;
  /** The endpoint whose card is wanted, when it was given. */
  readonly endpoint: URL | undefined;
  /** What was tried, and why it is not the card. */
  readonly tried: { readonly url: string; readonly problem: string }[];
  /** What is wrong on the way, and belongs to no card. */
  readonly notes: FetchFinding[];
}

const json = 'application/json';

/** The document at a URL; `undefined`, with a note of what was tried, where there is none. */
export async function tryDocument(lookUp: LookUp, url: URL, mediaType: string): Promise<ReceivedDocument | undefined> {
  try {
    return await getDocument(lookUp.source, url, [mediaType, json]);
  } catch (error) {
    if (!(error instanceof FetchProblem)) throw error;
    lookUp.tried.push({ url: url.href, problem: error.message });
    return undefined;
  }
}

/** The card at a URL, with all that is wrong with it. */
export async function tryCard(lookUp: LookUp, url: URL, via: CardVia): Promise<FetchedServerCard | undefined> {
  const document = await tryDocument(lookUp, url, mediaTypes.serverCard);
  if (document === undefined) return undefined;
  const parsed = parseDocument(document.body);
  const found = 'finding' in parsed ? { card: undefined, findings: [parsed.finding] } : readFetchedCard(parsed.value);
  return cardResult(lookUp, found, { document, via, pointer: '' });
}

export interface CardPlace {
  readonly document: Pick<ReceivedDocument, 'url' | 'etag' | 'redirected' | 'mediaType'>;
  readonly via: CardVia;
  /** Where in the document the card is. */
  readonly pointer: string;
}

/** Puts a card and its place together. */
export function cardResult(
  lookUp: LookUp,
  { card, findings }: Pick<FetchedServerCard, 'card' | 'findings'>,
  { document, via, pointer }: CardPlace,
): FetchedServerCard {
  const { url, etag, redirected, mediaType } = document;
  const { endpoint, notes } = lookUp;
  const about: FetchFinding[] = [...notes];
  if (redirected) about.push(warn('redirected', 'the location redirects here; publish the final URL'));
  if (mediaType === json && pointer === '')
    about.push(warn('media-type', `is sent as ${json}; a card is ${mediaTypes.serverCard}`));
  if (card !== undefined && endpoint !== undefined && !namesEndpoint(card.remotes, endpoint)) {
    const problem = `does not name the endpoint ${endpoint.href}`;
    about.push({ finding: 'other-endpoint', level: 'fail', pointer: `${pointer}/remotes`, problem });
  }
  const placed = findings.map((finding) => ({ ...finding, pointer: `${pointer}${finding.pointer}` }));
  return { card, url: url.href, via, etag, endpoint: endpoint?.href, findings: [...placed, ...about] };
}

/** Whether one of the endpoints is this one. A template may be anything. */
export function namesEndpoint(remotes: readonly { readonly url: string }[], endpoint: URL): boolean {
  return remotes.some(({ url }) => url.includes('{') || (URL.canParse(url) && new URL(url).href === endpoint.href));
}

function warn(finding: FetchFinding['finding'], problem: string): FetchFinding {
  return { finding, level: 'warn', pointer: '', problem };
}
