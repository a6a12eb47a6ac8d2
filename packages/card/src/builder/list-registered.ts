import { member, SetupError } from '@sallyport/core';
import type { McpServerFactory } from '@modelcontextprotocol/server';
import { onOneLine } from '../card/card-problem.ts';
import type { RegisteredTargets } from '../drift/registered-targets.ts';
import { withDeclaredScopes } from './declared-scopes.ts';
import { listTargets } from './list-targets.ts';
import { registeredTargets, type ListedServer, type ListedTarget } from './listed-server.ts';
import { connectInMemory, RpcError } from './memory-client.ts';

export interface ListRegisteredOptions {
  /** Milliseconds the whole listing may take. Default 10000. */
  readonly timeoutMs?: number;
}

const methodNotFound = -32_601;

/**
 * What a server registers, by asking it: builds one server for each era, connects to it in memory, pages through its lists and closes
 * it. Capabilities that a server lacks count as empty. The factory is called without a request and without a caller, so a server that
 * registers more for some callers must be built complete for nobody.
 *
 * Throws `SetupError`: `ERR_CARD_DRIFT` when the server can not be built, answers wrongly or takes too long, and
 * `ERR_CARD_PARAMETER_HEADER` for a tool that would have a parameter sent in a header it must not be in.
 */
export async function listRegistered(
  buildServer: McpServerFactory,
  options: ListRegisteredOptions = {},
): Promise<RegisteredTargets> {
  return registeredTargets(await listServer(buildServer, options));
}

/** The same with what the server says about each target. */
export async function listServer(
  buildServer: McpServerFactory,
  options: ListRegisteredOptions = {},
): Promise<ListedServer> {
  const timeoutMs = options.timeoutMs ?? 10_000;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it did not answer within ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    const modern = await Promise.race([listEra(buildServer, 'modern', late), late]);
    const legacy = await Promise.race([listEra(buildServer, 'legacy', late), late]);
    return {
      ...legacy,
      ...modern,
      tools: union(modern.tools, legacy.tools),
      resources: union(modern.resources, legacy.resources),
      resourceTemplates: union(modern.resourceTemplates, legacy.resourceTemplates),
      prompts: union(modern.prompts, legacy.prompts),
    };
  } catch (error) {
    if (error instanceof SetupError) throw error;
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
): Promise<ListedServer> {
  const client = await connectInMemory(await buildServer({ era }));
  const list = async (): Promise<ListedServer> => {
    const answer = await client.request('initialize', {
      protocolVersion: '2025-11-25',
      capabilities: {},
      clientInfo: { name: 'sallyport', version: '0.0.0' },
    });
    client.notify('notifications/initialized');
    const listed = await listTargets({
      serverInfo: member(answer, 'serverInfo') ?? null,
      capabilities: member(answer, 'capabilities') ?? null,
      request: (method, params) => client.request(method, params).catch(unlessUnknown),
    });
    return withDeclaredScopes(listed, client.scopeChallenge);
  };
  try {
    return await Promise.race([list(), late]);
  } finally {
    await client.close();
  }
}

function unlessUnknown(error: unknown): undefined {
  if (error instanceof RpcError && error.code === methodNotFound) return undefined;
  throw error;
}

function union(a: readonly ListedTarget[], b: readonly ListedTarget[]): readonly ListedTarget[] {
  const seen = new Set<string>();
  return [...a, ...b].filter(({ name }) => !seen.has(name) && seen.add(name));
}
