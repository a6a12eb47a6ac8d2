import { isJsonObject, member, SetupError, type JsonValue } from '@sallyport/core';
import type { McpServerFactory } from '@modelcontextprotocol/server';
import { onOneLine } from '../card/card-problem.ts';
import type { RegisteredTargets } from '../drift/registered-targets.ts';
import { connectInMemory, RpcError, type MemoryClient } from './memory-client.ts';

export interface ListRegisteredOptions {
  /** Milliseconds the whole listing may take. Default 10000. */
  readonly timeoutMs?: number;
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
const methodNotFound = -32_601;

/**
 * What a server registers, by asking it: builds one server for each era, connects to it in memory, pages through its lists and closes
 * it. Capabilities that a server lacks count as empty. The factory is called without a request and without a caller, so a server that
 * registers more for some callers must be built complete for nobody.
 *
 * Throws `SetupError` with code `ERR_CARD_DRIFT` when the server can not be built, answers wrongly or takes too long.
 */
export async function listRegistered(
  buildServer: McpServerFactory,
  options: ListRegisteredOptions = {},
): Promise<RegisteredTargets> {
  const timeoutMs = options.timeoutMs ?? 10_000;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it did not answer within ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    const modern = await Promise.race([listEra(buildServer, 'modern', late), late]);
    const legacy = await Promise.race([listEra(buildServer, 'legacy', late), late]);
    return {
      tools: union(modern.tools, legacy.tools),
      resources: union(modern.resources, legacy.resources),
      resourceTemplates: union(modern.resourceTemplates, legacy.resourceTemplates),
      prompts: union(modern.prompts, legacy.prompts),
    };
  } catch (error) {
    throw new SetupError({
      code: 'ERR_CARD_DRIFT',
      problem: `the targets of the server can not be listed: ${onOneLine(error instanceof Error ? error.message : String(error))}`,
      remedy: 'make buildServer work without a request, or leave it out of the options to skip the comparison',
      cause: error,
    });
  } finally {
    clearTimeout(timer);
  }
}

async function listEra(
  buildServer: McpServerFactory,
  era: 'modern' | 'legacy',
  late: Promise<never>,
): Promise<RegisteredTargets> {
  const client = await connectInMemory(await buildServer({ era }));
  try {
    return await Promise.race([listAll(client), late]);
  } finally {
    await client.close();
  }
}

async function listAll(client: MemoryClient): Promise<RegisteredTargets> {
  const answer = await client.request('initialize', {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'sallyport', version: '0.0.0' },
  });
  client.notify('notifications/initialized');
  const capabilities = member(answer, 'capabilities');
  const result: Record<keyof RegisteredTargets, readonly string[]> = {
    tools: [],
    resources: [],
    resourceTemplates: [],
    prompts: [],
  };
  for (const list of lists) {
    if (member(capabilities, list.capability) !== undefined) result[list.field] = await listPages(client, list);
  }
  return result;
}

async function listPages(client: MemoryClient, { field, method, name }: ListMethod): Promise<readonly string[]> {
  const names: string[] = [];
  const cursors = new Set<JsonValue>();
  let cursor: JsonValue | undefined;
  do {
    let page: JsonValue;
    try {
      page = await client.request(method, cursor === undefined ? {} : { cursor });
    } catch (error) {
      // Templates, for example, are optional where resources are not.
      if (error instanceof RpcError && error.code === methodNotFound) return names;
      throw error;
    }
    names.push(...namesOf(page, field, name, method));
    cursor = member(page, 'nextCursor');
    if (cursors.has(cursor ?? null) || names.length > maxNames) throw new Error(`${method} does not come to an end`);
    if (cursor !== undefined) cursors.add(cursor);
  } while (cursor !== undefined && cursor !== null);
  return names;
}

function namesOf(page: JsonValue, field: string, name: string, method: string): readonly string[] {
  const entries = member(page, field);
  if (!Array.isArray(entries)) throw new Error(`${method} answers without a list of ${field}`);
  return entries.map((entry: JsonValue) => {
    const value = isJsonObject(entry) ? member(entry, name) : undefined;
    if (typeof value !== 'string') throw new Error(`${method} lists an entry without ${name}`);
    return value;
  });
}

function union(a: readonly string[], b: readonly string[]): readonly string[] {
  return [...new Set([...a, ...b])];
}
