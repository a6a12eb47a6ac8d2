import { Refusal } from '@sallyport/core';
import { attemptedScheme, readCredential } from '@sallyport/token';
import { addressBlock } from '../network/client-address.ts';
import { certificateOf } from '../network/client-certificate.ts';
import { enterpriseTokenOf } from '../network/enterprise-token.ts';
import { removeHeaders } from '../network/raw-headers.ts';
import type { Station } from '../passage/station.ts';
import { requireLimit } from './limit.ts';

/**
 * Station 3: reads the credentials and takes them off the request, then limits by address before any cryptography.
 * Refuses with 400 for several or malformed credentials, 401 for an oversized token, 429.
 */
export const headersStation: Station = {
  name: 'headers',
  run(passage, req) {
    const { runtime } = passage;
    const { dpop, limits } = runtime.config;
    passage.attempted = attemptedScheme(req.rawHeaders);
    passage.certificate = certificateOf(req, runtime.certificateHeader, runtime.isTrustedPeer(req));
    passage.untrustedHeaders = passage.certificate.ignored;
    let malformed: unknown;
    try {
      const enterprise = enterpriseTokenOf(req, runtime);
      passage.enterprise = enterprise.credential;
      passage.untrustedHeaders = [...passage.untrustedHeaders, ...enterprise.ignored];
      passage.credential = readCredential(req.rawHeaders, req.url ?? '', {
        tokenBytes: limits.tokenBytes,
        dpop: dpop.mode !== 'off',
      });
    } catch (error) {
      malformed = error;
    }
    removeHeaders(req, runtime.credentialHeaders);
    const limited = requireLimit(runtime.addressLimiter, addressBlock(passage.ip));
    return limited.then(() => {
      if (malformed !== undefined) throw malformed instanceof Error ? malformed : new Refusal('internal_error');
    });
  },
};
