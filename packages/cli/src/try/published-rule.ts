import { accessKey } from '@sallyport/card';
import { isJsonObject, member } from '@sallyport/core';

/** What the published card says of one tool. */
export interface PublishedRule {
  /** Such as `tools.read-note`: the rule that decides about this tool. */
  readonly rule: string;
  /** Scopes a caller needs; of alternatives the first. */
  readonly scopes: readonly string[];
}

const scopeToken = /^[\x21\x23-\x5B\x5D-\x7E]+$/;

/**
 * Looks a tool up in the card that the server publishes below its endpoint. `undefined` when there is none, when it does not carry a
 * policy (`publish: "identity"`), or when it does not list the tool: unknown and hidden ones look the same.
 */
export async function publishedRule(
  endpoint: URL,
  tool: string,
  fetchFn: typeof fetch,
): Promise<PublishedRule | undefined> {
  const path = endpoint.pathname === '/' ? '' : endpoint.pathname;
  const card = await fetchCard(new URL(`${path}/server-card`, endpoint), fetchFn);
  const tools = member(member(member(card, '_meta'), accessKey), 'tools');
  const entry = member(tools, tool);
  if (!isJsonObject(entry)) return undefined;
  return { rule: `tools.${tool}`, scopes: [...new Set([...scopesOf(entry['scopes']), ...firstOf(entry['anyOf'])])] };
}

async function fetchCard(url: URL, fetchFn: typeof fetch): Promise<unknown> {
  try {
    const response = await fetchFn(url, { headers: { accept: 'application/json' } });
    return response.ok ? await response.json() : undefined;
  } catch {
    // Without a card the call is made all the same; when the server is not there, that says so.
    return undefined;
  }
}

function firstOf(alternatives: unknown): readonly string[] {
  return Array.isArray(alternatives) ? scopesOf(alternatives[0]) : [];
}

function scopesOf(value: unknown): readonly string[] {
  if (!Array.isArray(value)) return [];
  return value.filter((scope): scope is string => typeof scope === 'string' && scopeToken.test(scope));
}
