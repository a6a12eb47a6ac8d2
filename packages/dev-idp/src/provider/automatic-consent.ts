import type { KoaContextWithOIDC, interactionPolicy, errors } from 'oidc-provider';
import type { DevUser } from '../directory/demo-users.ts';

/** `requested` without what `allowed` leaves out. */
export function grantable(requested: Iterable<string>, allowed: readonly string[] | 'any'): string[] {
  return [...requested].filter((scope) => allowed === 'any' || allowed.includes(scope));
}

/**
 * Signs the user of `login_hint` in, without asking: an authorization request is answered with its code at once.
 *
 * Runs as the validator of an extra parameter. Those run for every authorization request, whether it has the parameter or not,
 * after its client, scopes and resources are known and before the account is read from the session.
 */
export function signIn(ctx: KoaContextWithOIDC, users: ReadonlyMap<string, DevUser>, known: typeof errors): void {
  const { params, session, requestParamOIDCScopes } = ctx.oidc;
  if (params === undefined || session === undefined) return;
  const hint = params['login_hint'];
  const [first] = users.values();
  const user = typeof hint === 'string' ? users.get(hint) : first;
  if (user === undefined)
    throw new known.InvalidRequest(`login_hint names nobody; there are ${[...users.keys()].join(', ')}`);
  const acrValues = params['acr_values'];
  const acr = typeof acrValues === 'string' ? acrValues.split(' ')[0] : undefined;
  // Everybody signs in anew for every request, which any max_age allows, and as strongly as is asked for.
  session.loginAccount({ accountId: user.name, amr: ['dev'], acr });
  // Without a scope of OpenID the provider would refuse a request when the user may have none of what is asked for;
  // the token is wanted then too, without scopes: servers must refuse it, and demos show how they do.
  if (requestParamOIDCScopes.size === 0) params['scope'] = [params['scope'], 'openid'].filter(Boolean).join(' ');
}

/** Grants what was requested, known to the resource, and allowed for the user. Every request gets a grant of its own. */
export async function consent(
  ctx: KoaContextWithOIDC,
  users: ReadonlyMap<string, DevUser>,
): Promise<InstanceType<typeof ctx.oidc.provider.Grant> | undefined> {
  const { provider, account, client, requestParamOIDCScopes, requestParamScopes, resourceServers } = ctx.oidc;
  const user = users.get(account?.accountId ?? '');
  if (user === undefined || client === undefined) return undefined;
  const grant = new provider.Grant({ accountId: user.name, clientId: client.clientId });
  grant.addOIDCScope([...requestParamOIDCScopes].join(' '));
  for (const [resource, server] of Object.entries(resourceServers ?? {})) {
    const known = new Set(server.scope.split(' '));
    const scopes = grantable(requestParamScopes, user.scopes).filter((scope) => known.has(scope));
    grant.addResourceScope(resource, scopes.join(' '));
  }
  await grant.save();
  return grant;
}

/** A policy that knows the prompts clients ask for and never shows one. */
export function silentPolicy(policy: typeof interactionPolicy): interactionPolicy.Prompt[] {
  return ['login', 'consent', 'select_account'].map((name) => {
    const prompt = new policy.Prompt({ name, requestable: true });
    prompt.checks.clear();
    return prompt;
  });
}
