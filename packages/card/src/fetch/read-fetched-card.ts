import { isJsonObject, member, type JsonObject, type JsonValue } from '@sallyport/core';
import { bareObject } from '../card/bare-object.ts';
import { CardProblem, show, toPointer } from '../card/card-problem.ts';
import { ProblemList } from '../card/problem-list.ts';
import { readIdentity } from '../card/read-identity.ts';
import type { FetchedCard, FetchedRemote, FetchFinding } from './fetched-card.ts';
import { readLists } from './read-lists.ts';

/** Lists that a published card has, and a card that is a policy must not have. */
const publishedLists: ReadonlySet<string> = new Set(['tools', 'resources', 'prompts', 'scopes', 'transports']);

/** A fetched document as a card, and everything that is wrong with it. Without a card where it is none. */
export function readFetchedCard(value: JsonValue): {
  readonly card: FetchedCard | undefined;
  readonly findings: readonly FetchFinding[];
} {
  if (!isJsonObject(value)) {
    return { card: undefined, findings: [invalid(new CardProblem([], `is not an object but ${show(value)}`, ''))] };
  }
  const problems = new ProblemList();
  const identity = readIdentity(withoutLists(value), problems);
  const { lists, findings } = readLists(value);
  const wrong = [...problems.kept.map(invalid), ...findings];
  if (identity === undefined || problems.total > 0) return { card: undefined, findings: wrong };
  const remotes = readRemotes(value);
  const card: FetchedCard = Object.freeze({
    kind: 'fetched',
    ...identity,
    remotes,
    ...(lists !== undefined && { lists }),
    document: value,
  });
  return { card, findings: [...wrong, ...endpointFindings(remotes)] };
}

function withoutLists(document: JsonObject): JsonObject {
  const result = bareObject();
  for (const [key, value] of Object.entries(document)) if (!publishedLists.has(key)) result[key] = value;
  return result;
}

function invalid({ path, problem }: CardProblem): FetchFinding {
  return { finding: 'invalid', level: 'fail', pointer: toPointer(path), problem };
}

/** The schema was checked before. */
function readRemotes(document: JsonObject): readonly FetchedRemote[] {
  const remotes = member(document, 'remotes');
  if (!Array.isArray(remotes)) return [];
  return remotes.map((remote: JsonValue) => {
    const [url, versions] = [member(remote, 'url'), member(remote, 'supportedProtocolVersions')];
    return {
      type: member(remote, 'type') === 'sse' ? 'sse' : 'streamable-http',
      url: typeof url === 'string' ? url : '',
      ...(Array.isArray(versions) && {
        supportedProtocolVersions: versions.filter((version) => typeof version === 'string'),
      }),
    };
  });
}

function endpointFindings(remotes: readonly FetchedRemote[]): readonly FetchFinding[] {
  if (remotes.length === 0) {
    return [{ finding: 'no-endpoint', level: 'warn', pointer: '/remotes', problem: 'names no endpoint to connect to' }];
  }
  return remotes.flatMap(({ url }, index): readonly FetchFinding[] => {
    const pointer = `/remotes/${index}/url`;
    if (!url.startsWith('{') && !url.includes('{') && !URL.canParse(url))
      return [{ finding: 'invalid', level: 'fail', pointer, problem: 'is not a URL' }];
    if (!/^http:/i.test(url) || isLoopback(url)) return [];
    const problem = 'is http: everybody on the way can read and change what is sent there';
    return [{ finding: 'insecure-endpoint', level: 'fail', pointer, problem }];
  });
}

function isLoopback(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { hostname } = new URL(url);
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127\.[0-9.]+$/.test(hostname)
  );
}
