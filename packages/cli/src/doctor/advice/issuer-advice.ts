import { isInternalHost } from './internal-host.ts';
import type { Advice } from './audience-advice.ts';
import type { Vendor } from './vendor.ts';

export interface IssuerFacts {
  readonly vendor: Vendor;
  readonly configured: string;
  /** What the token or the metadata says. */
  readonly seen: string | undefined;
  /** The field of the config, such as `issuers[0].issuer`. */
  readonly field: string;
}

/** What to change where, so that the issuer calls itself what the config calls it. */
export function issuerAdvice({ vendor, configured, seen, field }: IssuerFacts): Advice {
  const exact = {
    remedy: `set ${field} to the issuer exactly as it calls itself${seen === undefined ? '' : `: ${JSON.stringify(seen)}`}`,
  };
  if (seen === undefined) return exact;
  if (withoutSlash(seen) === withoutSlash(configured)) {
    return {
      note: 'only the final slash differs, and issuers are compared byte for byte',
      remedy: `set ${field} to ${JSON.stringify(seen)}`,
    };
  }
  if (seen.startsWith('https://sts.windows.net/')) {
    return {
      note: 'that is a token of version 1.0',
      remedy:
        'Entra admin center > App registrations > your API > Manifest: set requestedAccessTokenVersion to 2 (api.requestedAccessTokenVersion in the new manifest)',
    };
  }
  if (URL.canParse(seen) && isInternalHost(new URL(seen).hostname) !== isInternalHost(hostOf(configured))) {
    return {
      note: 'one is the name inside the network, the other the public one',
      remedy:
        publicName[vendor] ??
        'set the public URL of the issuer in its own configuration, so that it is the same from inside and outside, and use it here',
    };
  }
  return exact;
}

const publicName: Partial<Readonly<Record<Vendor, string>>> = {
  keycloak:
    'start Keycloak with --hostname=<its public URL> (KC_HOSTNAME) and use that URL here; --hostname-backchannel-dynamic=true lets servers reach it inside',
  authentik: 'call authentik by its public URL: it names itself after the Host header of the request',
};

function withoutSlash(text: string): string {
  return text.endsWith('/') ? text.slice(0, -1) : text;
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname : '';
}
