import { logEvent, type LogEventCode } from '@sallyport/core';
import { Introspector } from '../introspection/introspector.ts';
import { createClientAuthentication } from '../introspection/client-authentication.ts';
import type { ClaimPolicy, ClaimWarning } from '../jwt/read-principal.ts';
import { createAddressPolicy, type AddressPolicy } from '../keys/address-policy.ts';
import { KeyFetcher } from '../keys/key-fetcher.ts';
import { KeySource, type KeySourceOptions } from '../keys/key-source.ts';
import type { LogoutOptions } from '../logout/logout-options.ts';
import type { IssuerProfile } from '../profile/issuer-profile.ts';
import { isTenantTemplate, issuerOfTenant, metadataOfTemplate } from '../profile/tenant-template.ts';
import { checkIssuerOptions, type CheckedIssuerOptions } from './check-issuer-options.ts';
import { introspectionPolicy, jwtPolicy } from './claim-policies.ts';
import type { IssuerOptions } from './issuer-options.ts';

/** A configured issuer at work: its policy and its own keys, shared with no other issuer but the tenants of one template. */
export interface Issuer {
  readonly profile: IssuerProfile;
  /** For the claims of its JWTs. */
  readonly policy: ClaimPolicy;
  readonly tokens: 'jwt' | 'opaque' | 'auto';
  readonly algorithms: ReadonlySet<string>;
  readonly keys: KeySource;
  /** For its opaque tokens. */
  readonly introspector: Introspector | undefined;
  /** For its logout tokens; `undefined`: they are refused. */
  readonly logout: LogoutOptions | undefined;
  /** Tells the operator of something odd about its tokens, once. */
  readonly warn: (warning: ClaimWarning) => void;
}

/** What all issuers have in common. */
export interface IssuerContext extends Omit<KeySourceOptions, 'issuer' | 'fetcher'> {
  readonly resource: string;
  readonly clockSkewSeconds: number;
  readonly allowInsecureLoopback: boolean;
  /** Where all keys come from, instead of from their issuers. */
  readonly fetcher?: KeySourceOptions['fetcher'] | undefined;
}

/** One entry of the configuration at work. */
export interface ConfiguredIssuer {
  /** As configured. */
  readonly name: string;
  /** By their `iss`: one, or one for each tenant of a template. */
  readonly issuers: ReadonlyMap<string, Issuer>;
  readonly keys: KeySource;
  /** Its tokens can not be checked without its keys. */
  readonly needsKeys: boolean;
  readonly introspector: Introspector | undefined;
}

const warningEvents = {
  aud_multi: 'sallyport.issuer.tokens_for_others',
  jti_missing: 'sallyport.issuer.tokens_without_id',
  long_lived: 'sallyport.issuer.tokens_long_lived',
  groups_elsewhere: 'sallyport.issuer.groups_elsewhere',
} as const satisfies Readonly<Record<ClaimWarning, LogEventCode>>;

/** Checks the options of one issuer and makes it. Throws `SetupError`; `field` names the options in it, such as `issuers[0]`. */
export function createIssuer(options: IssuerOptions, field: string, context: IssuerContext): ConfiguredIssuer {
  const checked = checkIssuerOptions(options, field, context.allowInsecureLoopback);
  const { profile, tokens } = checked;
  const { issuer } = options;
  const { log } = context;
  const isTemplate = isTenantTemplate(issuer);

  const keys = new KeySource({
    ...context,
    issuer,
    fetcher:
      context.fetcher ??
      new KeyFetcher({
        issuer,
        metadataLocation: isTemplate ? metadataOfTemplate(issuer) : undefined,
        jwksUri: checked.jwksUri,
        allowPrivateAddresses: options.allowPrivateAddresses ?? false,
        allowInsecureLoopback: context.allowInsecureLoopback,
        log,
      }),
  });
  const warned = new Set<ClaimWarning>();
  const warn = (warning: ClaimWarning): void => {
    if (warned.has(warning)) return;
    warned.add(warning);
    logEvent(log, warningEvents[warning], { issuer });
  };
  const algorithms = new Set(options.algorithms);
  const introspector = createIntrospector(options, field, checked, { ...context, keys, algorithms, warn });
  const create = (iss: string): Issuer => ({
    profile,
    policy: jwtPolicy(options, profile, iss, context),
    tokens,
    algorithms,
    keys,
    introspector,
    logout: options.backChannelLogout,
    warn,
  });
  const names = isTemplate ? (options.tenants ?? []).map((tenant) => issuerOfTenant(issuer, tenant)) : [issuer];
  return {
    name: issuer,
    issuers: new Map(names.map((iss) => [iss, create(iss)])),
    keys,
    needsKeys:
      tokens !== 'opaque' || options.introspection?.signedResponse === true || options.backChannelLogout !== undefined,
    introspector,
  };
}

interface IntrospectorContext extends IssuerContext {
  readonly keys: KeySource;
  readonly algorithms: ReadonlySet<string>;
  readonly warn: (warning: ClaimWarning) => void;
}

function createIntrospector(
  options: IssuerOptions,
  field: string,
  checked: CheckedIssuerOptions,
  context: IntrospectorContext,
): Introspector | undefined {
  const { introspection } = options;
  if (introspection === undefined || checked.tokens === 'jwt') return undefined;
  const { allowInsecureLoopback } = context;
  const secure = createAddressPolicy({
    allowPrivateAddresses: options.allowPrivateAddresses ?? false,
    allowLoopback: allowInsecureLoopback,
  });
  const loopback: AddressPolicy = createAddressPolicy({ allowPrivateAddresses: false, allowLoopback: true });
  return new Introspector({
    ...context,
    issuer: options.issuer,
    clientId: introspection.clientId,
    clientAuthentication: createClientAuthentication(introspection, `${field}.introspection`),
    endpoint: checked.introspectionEndpoint,
    cacheSeconds: introspection.cacheSeconds ?? 30,
    signedResponse: introspection.signedResponse ?? false,
    rules: {
      policy: introspectionPolicy(options, checked.profile, context),
      payloadTypes: checked.profile.payloadTypes,
    },
    addresses: (url) => (url.protocol === 'https:' ? secure : loopback),
  });
}
