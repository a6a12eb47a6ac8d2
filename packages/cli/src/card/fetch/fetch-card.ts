import { compareWithServer, fetchServerCard, type FetchedCard, type FetchedServerCard } from '@sallyport/card';
import { SetupError, type DocumentFetcher } from '@sallyport/core';
import { createDocumentFetcher } from '@sallyport/token';
import { skip, type FindingStatus } from '../../doctor/finding.ts';
import { showFinding, showSummary } from '../../doctor/show-findings.ts';
import type { Output } from '../../terminal/output.ts';
import { readTokenFile } from '../../try/read-token-file.ts';
import { withoutToken } from '../../try/without-token.ts';
import { askServer, type AskedServer } from './ask-server.ts';
import { documentChecks, serverChecks, type CardCheck } from './card-checks.ts';
import { showFetched } from './show-fetched.ts';

export interface FetchCardOptions {
  /** A domain or a URL. */
  readonly source: string;
  readonly tokenFile: string | undefined;
  /** The MCP endpoint to compare with. Absent: the one that was given, else the first one that the card names. */
  readonly endpoint: string | undefined;
  /** Whether the server is asked at all. */
  readonly compare: boolean;
  readonly allowInsecure: boolean;
  readonly allowPrivateAddresses: boolean;
  /** Milliseconds for the search, and for every answer of the server. */
  readonly timeoutMs: number;
  /** Version of this command. */
  readonly version: string;
}

const connectTimeoutMs = 3_000;

/**
 * Finds a card, shows it, and compares it with its server. Resolves to the exit code: 0, or 1 when something is wrong.
 *
 * @throws SetupError `ERR_CARD_FETCH` when there is no card; `ERR_CLI_TOKEN`; `ERR_CLI_USAGE`
 */
export async function fetchCard(options: FetchCardOptions, output: Output): Promise<number> {
  const { source, tokenFile, timeoutMs, allowInsecure, allowPrivateAddresses } = options;
  const given = options.endpoint === undefined ? undefined : endpointUrl(options.endpoint);
  const token = tokenFile === undefined ? undefined : await readTokenFile(tokenFile);
  const safe = withoutToken(output, token);
  const fetchDocument = createDocumentFetcher({
    allowPrivateAddresses,
    dangerouslyAllowInsecureLoopback: allowInsecure,
  });
  const found = await fetchServerCard(source, { fetchDocument, timeoutMs, connectTimeoutMs });
  await showFetched(found, safe);
  const checks = [...documentChecks(found), ...(await compare(found, { ...options, given, token, fetchDocument }))];
  for (const check of checks) await showFinding(check, safe);
  await showSummary(checks, safe);
  const failed: FindingStatus = 'fail';
  return checks.some(({ status }) => status === failed) ? 1 : 0;
}

interface Comparison extends FetchCardOptions {
  readonly given: URL | undefined;
  readonly token: string | undefined;
  readonly fetchDocument: DocumentFetcher;
}

async function compare(found: FetchedServerCard, options: Comparison): Promise<readonly CardCheck[]> {
  const { card } = found;
  if (card === undefined || !options.compare) return [];
  const endpoint = options.given ?? endpointOf(found, card);
  if (endpoint === undefined)
    return [skip('server', 'the card names no endpoint that can be asked', 'name it with --endpoint')];
  const isChosen = options.given !== undefined || endpoint.origin === originOf(options.source);
  const { fetchDocument, timeoutMs, version } = options;
  const token = isChosen ? options.token : undefined;
  const lists = card.lists !== undefined;
  const asked = await askServer({ endpoint, fetchDocument, token, lists, timeoutMs, connectTimeoutMs, version });
  const withheld = token === undefined && options.token !== undefined;
  return [
    ...(withheld
      ? [
          skip(
            'token',
            `it is not sent to ${endpoint.origin}, which the card chose`,
            'name the endpoint with --endpoint',
          ),
        ]
      : []),
    ...judge(asked, endpoint, card, token !== undefined),
  ];
}

function judge(asked: AskedServer, endpoint: URL, card: FetchedCard, withToken: boolean): readonly CardCheck[] {
  switch (asked.kind) {
    case 'refused':
      return [
        skip(
          'server',
          `${endpoint.href} does not say what it is: HTTP ${asked.status}`,
          withToken ? 'use a token of this server that is valid' : 'compare with --token-file, if you have a token',
        ),
      ];
    case 'failed':
      return [
        {
          check: 'server',
          status: 'fail',
          what: `${endpoint.href} can not be asked: ${asked.problem}`,
          remedy: 'check that the server runs and that the card names its endpoint; --no-server leaves it out',
          code: 'ERR_CLI_UNREACHABLE',
        },
      ];
    case 'answered':
      return [
        ...serverChecks(endpoint, compareWithServer(card, asked.server)),
        ...(asked.listsProblem === undefined ? [] : [skip('lists', `can not be compared: ${asked.listsProblem}`)]),
      ];
  }
}

/** The endpoint that was asked for, else the first of the card that can be asked. */
function endpointOf({ endpoint }: FetchedServerCard, { remotes }: FetchedCard): URL | undefined {
  if (endpoint !== undefined) return new URL(endpoint);
  const remote = remotes.find(({ type, url }) => type === 'streamable-http' && !url.includes('{') && URL.canParse(url));
  return remote === undefined ? undefined : new URL(remote.url);
}

/** Of what was typed, which `fetchServerCard` could read. */
function originOf(source: string): string {
  return new URL(source.includes('://') ? source : `https://${source}`).origin;
}

function endpointUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '') return url;
  throw new SetupError({
    code: 'ERR_CLI_USAGE',
    field: '--endpoint',
    problem: 'is not the URL of an MCP endpoint',
    remedy: 'write it as in --endpoint https://mcp.example.com/mcp',
  });
}
