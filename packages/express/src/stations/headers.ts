import { Refusal } from '@sallyport/core';
import { readCredential } from '@sallyport/token';
import { addressBlock } from '../network/client-address.ts';
import { removeHeaders } from '../network/raw-headers.ts';
import type { Station } from '../passage/station.ts';
import { requireLimit } from './limit.ts';

/** Headers that carry a credential. None of them reaches a handler. */
const credentialHeaders: ReadonlySet<string> = new Set([
  'authorization',
  'proxy-authorization',
  'dpop',
  'x-enterprise-token',
]);

/**
 * Station 3: reads the credential and takes it off the request, then limits by address before any cryptography.
 * Refuses with 400 for several or malformed credentials, 401 for an oversized token, 429.
 */
export const headersStation: Station = {
  name: 'headers',
  run(passage, req) {
    const { runtime } = passage;
    let malformed: unknown;
    try {
      passage.credential = readCredential(req.rawHeaders, req.url ?? '', {
        tokenBytes: runtime.config.limits.tokenBytes,
      });
    } catch (error) {
      malformed = error;
    }
    removeHeaders(req, credentialHeaders);
    const limited = requireLimit(runtime.addressLimiter, addressBlock(passage.ip));
    return limited.then(() => {
      if (malformed !== undefined) throw malformed instanceof Error ? malformed : new Refusal('internal_error');
    });
  },
};
