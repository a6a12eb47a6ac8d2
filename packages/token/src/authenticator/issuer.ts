import { SetupError } from '@sallyport/core';
import { acceptedAudiences } from '../jwt/check-audience.ts';
import { signatureAlgorithms } from '../jwt/algorithms.ts';
import type { ClaimPolicy } from '../jwt/read-principal.ts';
import { KeyFetcher } from '../keys/key-fetcher.ts';
import { KeySource, type KeySourceOptions } from '../keys/key-source.ts';
import { readOutboundUrl } from '../keys/outbound-url.ts';
import { rfc9068 } from '../profile/rfc9068.ts';
import type { IssuerOptions } from './issuer-options.ts';

/** A configured issuer at work: its policy and its own keys, shared with no other issuer. */
export interface Issuer {
  readonly policy: ClaimPolicy;
  readonly algorithms: ReadonlySet<string>;
  readonly keys: KeySource;
  /** Warnings already given, so that each is given once. */
  readonly warned: Set<string>;
}

/** What all issuers have in common. */
export interface IssuerContext extends Omit<KeySourceOptions, 'issuer' | 'fetcher'> {
  readonly resource: string;
  readonly clockSkewSeconds: number;
  readonly allowInsecureLoopback: boolean;
}

/** Checks the options of one issuer and makes it. Throws `SetupError`; `field` names the options in it, such as `issuers[0]`. */
export function createIssuer(options: IssuerOptions, field: string, context: IssuerContext): Issuer {
  const { issuer } = options;
  checkUrl(issuer, `${field}.issuer`, context.allowInsecureLoopback);
  if (issuer.includes('?'))
    throw invalid(`${field}.issuer`, 'has a query', 'use the issuer identifier exactly as the provider publishes it');
  const jwksUri =
    options.jwksUri === undefined
      ? undefined
      : checkUrl(options.jwksUri, `${field}.jwksUri`, context.allowInsecureLoopback);

  const algorithms = new Set(options.algorithms);
  const known = [...signatureAlgorithms.keys()].join(', ');
  if (algorithms.size === 0) throw invalid(`${field}.algorithms`, 'is empty', `list one or more of ${known}`);
  for (const algorithm of algorithms) {
    if (!signatureAlgorithms.has(algorithm))
      throw invalid(`${field}.algorithms`, `has ${JSON.stringify(algorithm)}`, `use only ${known}`);
  }

  const audience = options.audience ?? [context.resource];
  if (audience.length === 0 || audience.includes('')) {
    throw invalid(
      `${field}.audience`,
      'is empty',
      'list the audience of your tokens, or leave the field out for the resource',
    );
  }

  return {
    algorithms,
    policy: {
      issuer,
      profile: rfc9068,
      audiences: acceptedAudiences(audience),
      strictAudience: options.strictAudience ?? false,
      allowedClients: options.allowedClients === undefined ? undefined : new Set(options.allowedClients),
      clockSkewSeconds: context.clockSkewSeconds,
    },
    keys: new KeySource({
      ...context,
      issuer,
      fetcher: new KeyFetcher({
        issuer,
        jwksUri,
        allowPrivateAddresses: options.allowPrivateAddresses ?? false,
        allowInsecureLoopback: context.allowInsecureLoopback,
        log: context.log,
      }),
    }),
    warned: new Set(),
  };
}

function checkUrl(text: string, field: string, allowInsecureLoopback: boolean): URL {
  const url = readOutboundUrl(text, allowInsecureLoopback);
  if (typeof url === 'string')
    throw invalid(field, `${JSON.stringify(text)} ${url}`, 'use the https URL of the provider');
  return url;
}

/** A mistake in the options. */
export function invalid(field: string, problem: string, remedy: string): SetupError {
  return new SetupError({ code: 'ERR_CONFIG_INVALID', field, problem, remedy });
}
