import { isJsonObject, member, type JsonObject, type JsonValue } from '@sallyport/core';
import { accessKey } from '../card/card.ts';
import type { RegisteredTargets } from '../drift/registered-targets.ts';
import type { ListedServer, ListedTarget } from './listed-server.ts';
import { requireSafeParameterHeaders } from './parameter-headers.ts';

/** Asks an MCP server that is connected. */
export interface ServerConnection {
  /** `serverInfo` of the server. */
  readonly serverInfo?: JsonValue;
  readonly capabilities: JsonValue;
  /** Resolves to the result; `undefined` when the server does not know the method. */
  request(method: string, params: JsonObject): Promise<JsonValue | undefined>;
}

interface ListMethod {
  readonly field: keyof RegisteredTargets;
  readonly method: string;
  readonly capability: string;
  readonly name: string;
}

const lists: readonly ListMethod[] = [
  { field: 'tools', method: 'tools/list', capability: 'tools', name: 'name' },
  { field: 'resources', method: 'resources/list', capability: 'resources', name: 'uri' },
  { field: 'resourceTemplates', method: 'resources/templates/list', capability: 'resources', name: 'uriTemplate' },
  { field: 'prompts', method: 'prompts/list', capability: 'prompts', name: 'name' },
];

const maxNames = 100_000;

/**
 * Everything a connected server lists, page by page. Capabilities and methods that it lacks count as empty.
 *
 * Rejects with an `Error` for answers that are none, and with `SetupError` `ERR_CARD_PARAMETER_HEADER` for a tool that would send a parameter
 * in a header it must not be in.
 */
export async function listTargets(connection: ServerConnection): Promise<ListedServer> {
  const result: Record<keyof RegisteredTargets, readonly ListedTarget[]> = {
    tools: [],
    resources: [],
    resourceTemplates: [],
    prompts: [],
  };
  for (const list of lists) {
    if (member(connection.capabilities, list.capability) !== undefined)
      result[list.field] = await listPages(connection, list);
  }
  return { ...identityOf(connection.serverInfo), ...result };
}

async function listPages(connection: ServerConnection, list: ListMethod): Promise<readonly ListedTarget[]> {
  const { field, method } = list;
  const found: ListedTarget[] = [];
  const cursors = new Set<JsonValue>();
  let cursor: JsonValue | undefined;
  do {
    const page = await connection.request(method, cursor === undefined ? {} : { cursor });
    // Templates, for example, are optional where resources are not.
    if (page === undefined) return found;
    const entries = member(page, field);
    if (!Array.isArray(entries)) throw new Error(`${method} answers without a list of ${field}`);
    found.push(...entries.map((entry: JsonValue) => toTarget(entry, list)));
    cursor = member(page, 'nextCursor');
    if (cursors.has(cursor ?? null) || found.length > maxNames) throw new Error(`${method} does not come to an end`);
    if (cursor !== undefined) cursors.add(cursor);
  } while (cursor !== undefined && cursor !== null);
  return found;
}

function toTarget(entry: JsonValue, { field, method, name: key }: ListMethod): ListedTarget {
  const name = member(entry, key);
  if (typeof name !== 'string') throw new Error(`${method} lists an entry without ${key}`);
  if (field === 'tools') requireSafeParameterHeaders(name, member(entry, 'inputSchema'));
  const meta = member(entry, '_meta');
  const access = member(meta, accessKey);
  const schemes = member(entry, 'securitySchemes') ?? member(meta, 'securitySchemes');
  const description = [member(entry, 'description'), member(entry, 'title')].find((text) => typeof text === 'string');
  return {
    name,
    ...(typeof description === 'string' && { description }),
    ...(access !== undefined && { access }),
    ...(field === 'tools' && schemes !== undefined && { securitySchemes: schemes }),
  };
}

function identityOf(info: JsonValue | undefined): Pick<ListedServer, 'name' | 'version' | 'title' | 'description'> {
  if (!isJsonObject(info)) return {};
  const texts = ['name', 'version', 'title', 'description'].map((key) => [key, member(info, key)] as const);
  return Object.fromEntries(texts.filter(([, text]) => typeof text === 'string'));
}
