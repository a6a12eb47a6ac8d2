import type { JSONRPCRequest, ScopeChallengeHandler } from '@modelcontextprotocol/server';
import type { ListedServer, ListedTarget } from './listed-server.ts';

/**
 * Adds the scopes that a server declared with the SDK's `scopeChallenge`, such as `requireScopes('notes:read')`. A declaration is a function
 * of a request, so it is asked what it demands of a caller without scopes. One that looks at the arguments has no answer that holds for all of them.
 */
export async function withDeclaredScopes(
  listed: ListedServer,
  ask: ScopeChallengeHandler | undefined,
): Promise<ListedServer> {
  if (ask === undefined) return listed;
  const add = (targets: readonly ListedTarget[], method: string, key: 'name' | 'uri'): Promise<ListedTarget[]> =>
    Promise.all(
      targets.map(async (target) => {
        const declaredScopes = await declared(ask, method, key, target.name);
        return declaredScopes === undefined ? target : { ...target, declaredScopes };
      }),
    );
  return {
    ...listed,
    tools: await add(listed.tools, 'tools/call', 'name'),
    resources: await add(listed.resources, 'resources/read', 'uri'),
    // A template is found by a URI that it matches.
    resourceTemplates: await Promise.all(
      listed.resourceTemplates.map(async (target) => {
        const uri = target.name.replace(/\{[^{}]*\}/g, 'x');
        const [found] = await add([{ ...target, name: uri }], 'resources/read', 'uri');
        return { ...target, ...(found?.declaredScopes !== undefined && { declaredScopes: found.declaredScopes }) };
      }),
    ),
    prompts: await add(listed.prompts, 'prompts/get', 'name'),
  };
}

async function declared(
  ask: ScopeChallengeHandler,
  method: string,
  key: 'name' | 'uri',
  target: string,
): Promise<ListedTarget['declaredScopes']> {
  let looked = false;
  const params = Object.defineProperty({ [key]: target }, 'arguments', {
    get: () => {
      looked = true;
      return {};
    },
    enumerable: true,
  });
  const request: JSONRPCRequest = { jsonrpc: '2.0', id: 0, method, params };
  try {
    const challenge = await ask({ request, authInfo: { token: '', clientId: '', scopes: [] } });
    if (looked) return 'varies';
    return challenge === undefined ? undefined : [...challenge.scopes];
  } catch {
    // It may need more of a request than there is.
    return 'varies';
  }
}
