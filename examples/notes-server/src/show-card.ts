//#region fetch
import { fetchServerCard } from '@sallyport/card';
import { createMemoryKeyValueStore } from '@sallyport/core';
import { createDocumentFetcher } from '@sallyport/token';

const fetchDocument = createDocumentFetcher();
const cache = createMemoryKeyValueStore({ maxEntries: 100 });

/** Prints who a server says it is, and everything that is wrong with its card. */
export async function showCard(domainOrUrl: string): Promise<void> {
  const { card, url, via, findings } = await fetchServerCard(domainOrUrl, { fetchDocument, cache });
  // A card is a stranger's text. Within an object console.log escapes what a terminal would act on.
  console.log({ url, via, name: card?.name, version: card?.version, remotes: card?.remotes });
  for (const { level, pointer, problem } of findings) console.log({ level, pointer, problem });
}
//#endregion
