import type { LookupFunction } from 'node:net';
import { FetchProblem, type DocumentFetcher } from '@sallyport/core';
import { createAddressPolicy } from '../keys/address-policy.ts';
import { fetchDocument } from '../keys/fetch-document.ts';
import { readOutboundUrl } from '../keys/outbound-url.ts';

export interface CreateDocumentFetcherOptions {
  /** Connect to private addresses, too (RFC 1918 and the like), as inside a company. Default false. Link-local ones are never allowed. */
  readonly allowPrivateAddresses?: boolean | undefined;
  /** Allow http, and any connection at all, to this machine. For development. Default false. */
  readonly dangerouslyAllowInsecureLoopback?: boolean | undefined;
  /** Looks names up, as `dns.lookup` does, which is the default. What it gives is judged before anything is connected to. */
  readonly lookup?: LookupFunction | undefined;
}

/**
 * A `DocumentFetcher` for URLs that somebody else chose: https only, verified certificates, public addresses only. The address is judged
 * when it was looked up, and it is that very address which is connected to, so that a name which resolves differently the second time
 * gains nothing (DNS rebinding). No proxy, no redirect, no cookie, no content coding.
 */
export function createDocumentFetcher(options: CreateDocumentFetcherOptions = {}): DocumentFetcher {
  const { allowPrivateAddresses = false, dangerouslyAllowInsecureLoopback: allowLoopback = false, lookup } = options;
  const secure = createAddressPolicy({ allowPrivateAddresses, allowLoopback });
  const insecure = createAddressPolicy({ allowPrivateAddresses: false, allowLoopback });
  return async (url, request) => {
    const target = readOutboundUrl(url.href, allowLoopback, 'dangerouslyAllowInsecureLoopback');
    if (typeof target === 'string') throw new FetchProblem(`the URL ${target}`);
    return fetchDocument(target, { ...request, addresses: target.protocol === 'https:' ? secure : insecure, lookup });
  };
}
