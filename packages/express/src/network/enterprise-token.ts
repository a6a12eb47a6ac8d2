import type { IncomingMessage } from 'node:http';
import { readEnterpriseToken, type EnterpriseCredential } from '@sallyport/token';
import type { Runtime } from '../suite/runtime.ts';
import { fieldLines } from './raw-headers.ts';

/** The name everybody knows: where it is not the configured one it is noted when somebody tries. */
const wellKnownEnterpriseHeader = 'x-enterprise-token';

/** What a request says of an enterprise token. */
export interface EnterpriseReading {
  readonly credential: EnterpriseCredential;
  /** Headers that were not believed, in lower case. */
  readonly ignored: readonly string[];
}

/**
 * Reads the enterprise token of a request. Only the configured header counts, by its exact name without case, and only from a trusted
 * proxy itself: forwarding headers say nothing about who sent a request.
 *
 * @throws Refusal for a malformed one
 */
export function enterpriseTokenOf(req: IncomingMessage, runtime: Runtime): EnterpriseReading {
  const { enterprise, config } = runtime;
  const header = enterprise?.header;
  const trusted = runtime.isTrustedPeer(req);
  const credential: EnterpriseCredential =
    header === undefined
      ? { kind: 'none' }
      : readEnterpriseToken(fieldLines(req, header), { trusted, tokenBytes: config.limits.tokenBytes });
  const ignored = header !== undefined && credential.kind === 'untrusted' ? [header] : [];
  if (header !== wellKnownEnterpriseHeader && req.headers[wellKnownEnterpriseHeader] !== undefined)
    ignored.push(wellKnownEnterpriseHeader);
  return { credential, ignored };
}
