import { isModernVersion } from '@sallyport/core';
import type { FetchedCard, FetchedRemote } from '../fetch/fetched-card.ts';

/** What a server said of itself over MCP. */
export interface LiveServer {
  /** The URL it was asked at. */
  readonly endpoint: string;
  readonly transport: FetchedRemote['type'];
  /** `serverInfo`, as far as it was given. */
  readonly info?: {
    readonly name?: string | undefined;
    readonly version?: string | undefined;
    readonly title?: string | undefined;
    readonly description?: string | undefined;
  };
  /** `supportedVersions` of `server/discover`; of a 2025-era server the one version it agreed to. */
  readonly supportedVersions: readonly string[];
  /** What it lists to this caller; a kind that could not be listed is absent. */
  readonly lists?: {
    readonly tools?: readonly string[];
    readonly resources?: readonly string[];
    readonly prompts?: readonly string[];
  };
}

/** Where a card and its server disagree. */
export interface CardDifference {
  readonly about: 'name' | 'version' | 'title' | 'description' | 'endpoint' | 'transport' | 'versions' | 'lists';
  /** `fail`: they contradict each other. `warn`: lists vary by caller, and a published card leaves hidden targets out. */
  readonly level: 'fail' | 'warn';
  /** JSON pointer into the card. */
  readonly pointer: string;
  /** What the card says. */
  readonly card: string;
  /** What the server says. */
  readonly server: string;
}

/**
 * Where the claims of a card contradict the server itself (SEP-2127, consistency with runtime behavior). What one of them does not say is
 * no difference. The name of a server agrees when it is the card's, or the part of that behind the slash. Both sides are untrusted text.
 */
export function compareWithServer(card: FetchedCard, server: LiveServer): readonly CardDifference[] {
  return [...compareInfo(card, server), ...compareRemotes(card, server), ...compareLists(card, server)];
}

function compareInfo(card: FetchedCard, { info = {} }: LiveServer): readonly CardDifference[] {
  const names = [card.name, card.name.slice(card.name.indexOf('/') + 1)];
  const nameAgrees = info.name === undefined || names.includes(info.name);
  const found = nameAgrees ? [] : [difference('name', '/name', card.name, info.name ?? '')];
  for (const about of ['version', 'title', 'description'] as const) {
    const [claimed, actual] = [card[about], info[about]];
    if (claimed !== undefined && actual !== undefined && claimed !== actual)
      found.push(difference(about, `/${about}`, claimed, actual));
  }
  return found;
}

function compareRemotes({ remotes }: FetchedCard, server: LiveServer): readonly CardDifference[] {
  const index = remotes.findIndex(({ url }) => sameUrl(url, server.endpoint));
  const remote = remotes[index];
  if (remote === undefined) {
    // A template may stand for any endpoint.
    if (remotes.length === 0 || remotes.some(({ url }) => url.includes('{'))) return [];
    return [difference('endpoint', '/remotes', remotes.map(({ url }) => url).join(' '), server.endpoint)];
  }
  const found: CardDifference[] = [];
  if (remote.type !== server.transport)
    found.push(difference('transport', `/remotes/${index}/type`, remote.type, server.transport));
  const claimed = remote.supportedProtocolVersions;
  if (claimed !== undefined && !versionsAgree(claimed, server.supportedVersions)) {
    const pointer = `/remotes/${index}/supportedProtocolVersions`;
    found.push(difference('versions', pointer, claimed.join(' '), server.supportedVersions.join(' ')));
  }
  return found;
}

/** `server/discover` says nothing of 2025-era versions, and an old handshake nothing but one of them. */
function versionsAgree(claimed: readonly string[], actual: readonly string[]): boolean {
  if (!actual.every((version) => claimed.includes(version))) return false;
  const isModern = actual.some(isModernVersion);
  return !isModern || claimed.filter(isModernVersion).every((version) => actual.includes(version));
}

function compareLists({ lists }: FetchedCard, server: LiveServer): readonly CardDifference[] {
  if (lists === undefined || server.lists === undefined) return [];
  const found: CardDifference[] = [];
  for (const kind of ['tools', 'resources', 'prompts'] as const) {
    const [claimed, actual] = [lists[kind], server.lists[kind]];
    if (actual === undefined) continue;
    const onlyClaimed = claimed.filter((name) => !actual.includes(name));
    const onlyActual = actual.filter((name) => !claimed.includes(name));
    if (onlyClaimed.length + onlyActual.length === 0) continue;
    found.push({
      about: 'lists',
      level: 'warn',
      pointer: `/${kind}`,
      card: onlyClaimed.length === 0 ? 'nothing more' : `also ${onlyClaimed.join(' ')}`,
      server: onlyActual.length === 0 ? 'nothing more' : `also ${onlyActual.join(' ')}`,
    });
  }
  return found;
}

function sameUrl(a: string, b: string): boolean {
  return a === b || (URL.canParse(a) && URL.canParse(b) && new URL(a).href === new URL(b).href);
}

function difference(about: CardDifference['about'], pointer: string, card: string, server: string): CardDifference {
  return { about, level: 'fail', pointer, card, server };
}
