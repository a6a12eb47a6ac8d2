import type { IssuerConfig, SallyportConfig } from '@sallyport/config';
import { member, systemClock, type JsonValue } from '@sallyport/core';
import { inspectIssuer, type IssuerInspection } from '@sallyport/token';
import { issuerAdvice } from '../advice/issuer-advice.ts';
import { clientConsole, vendorOf, vendorOfUrl } from '../advice/vendor.ts';
import { fail, pass, skip, warn, type Finding } from '../finding.ts';
import { checkKeys } from './keys-check.ts';

/** What every issuer publishes about itself. */
export async function* checkIssuers(config: SallyportConfig, now: () => number): AsyncGenerator<Finding> {
  const clock = { now, monotonicNs: () => systemClock.monotonicNs() };
  const { issuers, enterpriseToken, dangerouslyAllowInsecureIssuers } = config;
  const named = issuers.map((issuer, index): [string, IssuerConfig] => [`issuers[${index}]`, issuer]);
  if (enterpriseToken !== undefined) named.push(['enterpriseToken', enterpriseToken]);
  for (const [field, issuer] of named) {
    const found = await inspectIssuer(issuer, { dangerouslyAllowInsecureIssuers, clock });
    yield checkMetadata(found, issuer, field);
    if (issuer.tokens !== 'opaque' || issuer.introspection?.signedResponse === true) yield* checkKeys(found, field);
    yield checkClock(found, config.clockSkewSeconds);
    if (found.metadata === undefined) continue;
    // Whoever puts the enterprise token in is no MCP client.
    if (field !== 'enterpriseToken') yield* checkClients(found.metadata, issuer);
    yield* checkIntrospection(found.metadata, issuer, field);
  }
}

function checkMetadata({ attempts, metadata }: IssuerInspection, config: IssuerConfig, place: string): Finding {
  const { issuer } = config;
  const field = `${place}.issuer`;
  if (metadata !== undefined) {
    if (
      issuer.startsWith('https://sts.windows.net/') ||
      (vendorOfUrl(issuer) === 'entra' && !issuer.endsWith('/v2.0'))
    ) {
      return warn(
        'issuer',
        `${issuer} is the issuer of tokens of version 1.0`,
        `Entra admin center > App registrations > your API > Manifest: set requestedAccessTokenVersion to 2, and ${field} to https://login.microsoftonline.com/<tenant id>/v2.0`,
      );
    }
    return pass('issuer', `${issuer}  metadata at ${attempts.at(-1)?.url ?? ''}`);
  }
  const other = attempts.find((attempt) => attempt.issuer !== undefined)?.issuer;
  if (other !== undefined) {
    const { note, remedy } = issuerAdvice({ vendor: vendorOf(config), configured: issuer, seen: other, field });
    return fail(
      'issuer',
      'ERR_TOKEN_ISS_UNKNOWN',
      `${issuer} calls itself ${other}${note === undefined ? '' : ` (${note})`}`,
      remedy,
    );
  }
  const why = attempts.map(({ url, problem }) => `${new URL(url).pathname}: ${problem ?? 'another issuer'}`).join('; ');
  if (config.jwksUri !== undefined) {
    return warn(
      'issuer',
      `${issuer} has no metadata (${why}); its keys come from jwksUri`,
      'clients need the metadata to sign in: publish it (RFC 8414)',
    );
  }
  return fail(
    'issuer',
    'ERR_TOKEN_IDP_UNAVAILABLE',
    `${issuer} has no usable metadata (${why})`,
    why.includes('not allowed')
      ? `set ${place}.allowPrivateAddresses to true when the issuer is inside your network`
      : `check that this host reaches the issuer, and that ${field} is the URL in front of /.well-known/`,
  );
}

function checkClock({ clockAheadMs, issuer }: IssuerInspection, skewSeconds: number): Finding {
  if (clockAheadMs === undefined) return skip('clock', `${issuer} did not say what time it is`);
  const seconds = clockAheadMs / 1000;
  const text = `${issuer} ${seconds < 0 ? '-' : '+'}${Math.abs(seconds).toFixed(1)} s`;
  // `Date` has whole seconds: nothing can be said about less.
  if (Math.abs(seconds) > skewSeconds + 1) {
    const code = seconds > 0 ? 'ERR_TOKEN_NOT_YET_VALID' : 'ERR_TOKEN_EXPIRED';
    return fail(
      'clock',
      code,
      `${text}, and ${skewSeconds} s are tolerated`,
      'set both clocks by NTP; clockSkewSeconds tolerates at most 300 s',
    );
  }
  if (Math.abs(seconds) > skewSeconds / 2 + 1)
    return warn('clock', `${text}, more than half of the ${skewSeconds} s tolerated`, 'set both clocks by NTP');
  return pass('clock', text);
}

/** How MCP clients become known to the issuer, and whether they can sign in. */
function* checkClients(metadata: JsonValue, config: IssuerConfig): Generator<Finding> {
  const documents = member(metadata, 'client_id_metadata_document_supported') === true;
  const registration = typeof member(metadata, 'registration_endpoint') === 'string';
  if (documents) yield pass('clients', `${config.issuer} knows clients by client id metadata documents`);
  else if (registration) yield pass('clients', `${config.issuer} lets clients register themselves`);
  else {
    yield warn(
      'clients',
      `${config.issuer} has no registration endpoint and does not know client id metadata documents: unknown clients can not sign in`,
      `pre-register each client and give it its client id: ${clientConsole[vendorOf(config)]}; or switch on client id metadata documents where the issuer has them`,
    );
  }
  const methods = member(metadata, 'code_challenge_methods_supported');
  if (Array.isArray(methods) && methods.includes('S256')) yield pass('pkce', `${config.issuer} announces S256`);
  else {
    yield warn(
      'pkce',
      `${config.issuer} does not announce PKCE with S256 (code_challenge_methods_supported): MCP clients must refuse it then`,
      'switch PKCE on at the issuer; where it is on and not announced (Entra), use clients that allow that, or a proxy for its metadata',
    );
  }
}

function* checkIntrospection(
  metadata: JsonValue,
  { introspection, issuer, tokens }: IssuerConfig,
  place: string,
): Generator<Finding> {
  if (tokens === 'jwt' || introspection === undefined) return;
  const endpoint = introspection.endpoint ?? member(metadata, 'introspection_endpoint');
  if (typeof endpoint === 'string') yield pass('introspection', `${issuer} at ${endpoint}`);
  else {
    yield fail(
      'introspection',
      'ERR_TOKEN_IDP_MISCONFIGURED',
      `the metadata of ${issuer} names no introspection_endpoint`,
      `set ${place}.introspection.endpoint, or let the issuer give out JWTs and set tokens to "jwt"`,
    );
  }
}
