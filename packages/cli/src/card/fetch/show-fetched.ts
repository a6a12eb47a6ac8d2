import type { CardVia, FetchedServerCard } from '@sallyport/card';
import type { Output } from '../../terminal/output.ts';
import { printable } from '../../terminal/printable.ts';
import { renderTable } from '../../terminal/render-table.ts';

const ways: Readonly<Record<CardVia, string>> = {
  'ai-catalog': 'by the AI Catalog',
  'well-known': 'at the well-known location',
  endpoint: 'below the endpoint',
  url: 'at the URL',
};

/** Where a card was found and what it says. Everything in it is a stranger's text, and escaped. */
export async function showFetched(found: FetchedServerCard, output: Output): Promise<void> {
  const { card, url, via, etag } = found;
  if (output.json) {
    const { name, version, title, description, remotes, lists } = card ?? {};
    const facts = card === undefined ? null : { name, version, title, description, remotes, lists };
    await output.dataJson({ url, via, etag, card: facts });
    return;
  }
  const { style, width } = output;
  const rows: (readonly [string, string])[] = [['found', `${url}  ${ways[via]}`]];
  if (etag !== undefined) rows.push(['etag', etag]);
  if (card !== undefined) {
    rows.push(['says', card.description]);
    for (const { type, url: endpoint, supportedProtocolVersions: versions = [] } of card.remotes.slice(0, 20))
      rows.push(['endpoint', [endpoint, type, versions.join(' ')].filter((part) => part !== '').join('  ')]);
    const { lists } = card;
    if (lists !== undefined) {
      const kinds = ['tools', 'resources', 'prompts', 'scopes'] as const;
      const counts = kinds.map((kind) => `${kind} ${lists[kind].length}`);
      rows.push(['lists', counts.join(', ')]);
    }
    const title = card.title === undefined ? '' : `  ${card.title}`;
    await output.data(`${style('title', printable(`${card.name} ${card.version}`))}${printable(title)}`);
  }
  const columns = [{ title: '' }, { title: '', minWidth: 20 }];
  await output.data(renderTable(columns, rows, { style, width, bare: true }));
  await output.data('');
}
