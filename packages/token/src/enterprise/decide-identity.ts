import { identityKey, type Principal } from '@sallyport/core';

/** Who a request comes from, or that its credentials name two. */
export type Identity =
  | { readonly kind: 'one'; readonly principal: Principal }
  | { readonly kind: 'conflict'; readonly enterprise: Principal; readonly bearer: Principal };

/**
 * Decides who a request with an enterprise token comes from. The enterprise token comes first and there is no way round it: when it does
 * not hold, nothing else is looked at. An access token beside it has to hold as well (an invalid one is refused as always), and has to
 * be of the very same identity: issuer, subject and client. Then the enterprise token's principal counts.
 *
 * Passes on what either throws.
 */
export async function decideIdentity(
  enterprise: () => Principal | Promise<Principal>,
  bearer: (() => Principal | Promise<Principal>) | undefined,
): Promise<Identity> {
  const principal = await enterprise();
  if (bearer === undefined) return { kind: 'one', principal };
  const other = await bearer();
  if (identityKey(principal) === identityKey(other)) return { kind: 'one', principal };
  return { kind: 'conflict', enterprise: principal, bearer: other };
}
