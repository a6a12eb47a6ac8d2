import type { IssuerProfile } from '../profile/issuer-profile.ts';
import { rfc9068 } from '../profile/rfc9068.ts';
import { invalid } from './invalid.ts';
import type { IssuerOptions } from './issuer-options.ts';
import { createIssuer, type ConfiguredIssuer, type Issuer, type IssuerContext } from './issuer.ts';
import type { IssuerStatus } from './authenticator.ts';

/** All issuers of a configuration at work. */
export interface IssuerSet {
  /** By `iss`, byte for byte. */
  readonly byIss: ReadonlyMap<string, Issuer>;
  /** The one issuer that is asked about opaque tokens; there may be none. */
  readonly opaque: Issuer | undefined;
  /** Every algorithm some issuer allows. */
  readonly algorithms: ReadonlySet<string>;
  /** For a token of none of them: accepts what some issuer accepts, so that it is refused for what is really wrong with it. */
  readonly anyProfile: IssuerProfile;
  /** Begins to fetch what is needed of them. */
  start(): void;
  status(): IssuerStatus[];
  close(): void;
}

/** Checks the options of all issuers and makes them. Throws `SetupError`. */
export function createIssuerSet(options: readonly IssuerOptions[], context: IssuerContext): IssuerSet {
  if (options.length === 0) throw invalid('issuers', 'is empty', 'name the issuer of your access tokens');
  const configured: ConfiguredIssuer[] = [];
  const byIss = new Map<string, Issuer>();
  let opaque: Issuer | undefined;
  for (const [index, issuerOptions] of options.entries()) {
    const entry = createIssuer(issuerOptions, `issuers[${index}]`, context);
    configured.push(entry);
    for (const [iss, issuer] of entry.issuers) {
      if (byIss.has(iss)) throw invalid(`issuers[${index}].issuer`, 'is listed twice', 'list every issuer once');
      byIss.set(iss, issuer);
      if (issuer.tokens === 'jwt') continue;
      // An opaque token does not say whose it is, and no issuer may see the tokens of another.
      if (opaque !== undefined)
        throw invalid(
          `issuers[${index}].tokens`,
          `is "${issuer.tokens}", like that of another issuer`,
          'only one issuer can have opaque tokens',
        );
      opaque = issuer;
    }
  }

  return {
    byIss,
    opaque,
    algorithms: new Set([...byIss.values()].flatMap((issuer) => [...issuer.algorithms])),
    anyProfile: { ...rfc9068, types: new Set([...byIss.values()].flatMap(({ profile }) => [...profile.types])) },
    start() {
      for (const { keys, needsKeys, introspector } of configured) {
        if (needsKeys) keys.start();
        introspector?.start();
      }
    },
    status: () => configured.map(statusOf),
    close() {
      for (const { keys, introspector } of configured) {
        keys.close();
        introspector?.close();
      }
    },
  };
}

function statusOf({ name, keys: source, needsKeys, introspector }: ConfiguredIssuer): IssuerStatus {
  const keys = source.status();
  const introspection = introspector?.status();
  const problem = (needsKeys ? keys.problem : undefined) ?? introspection?.problem;
  return {
    issuer: name,
    ready: (keys.keys || !needsKeys) && introspection?.ready !== false,
    keys: keys.keys,
    ...(problem !== undefined && { problem }),
  };
}
