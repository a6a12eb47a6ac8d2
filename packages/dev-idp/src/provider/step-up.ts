import type { KoaContextWithOIDC } from 'oidc-provider';

/**
 * Lets `acr_values` and `max_age` be used without the scope `openid`, as RFC 9470 §4 has OAuth clients do when a resource server asks them
 * to: oidc-provider takes both for parameters of OpenID Connect only.
 */
export async function allowStepUp(ctx: KoaContextWithOIDC, next: () => Promise<void>): Promise<void> {
  const { acr_values: acrValues, max_age: maxAge, scope } = ctx.query;
  const wanted = acrValues !== undefined || maxAge !== undefined;
  if (ctx.path === '/auth' && wanted && (scope === undefined || typeof scope === 'string')) {
    const scopes = new Set((scope ?? '').split(' ').filter(Boolean));
    ctx.query = { ...ctx.query, scope: [...scopes.add('openid')].join(' ') };
  }
  await next();
}
