import { protocolVersions } from '@sallyport/core';
import { other } from './known-methods.ts';

const known = new Set([...protocolVersions.modern, ...protocolVersions.legacy]);

/** The revision, `_OTHER` for one that is not served, `undefined` when it is not known. */
export function knownVersion(version: string): string | undefined {
  if (version === '') return undefined;
  return known.has(version) ? version : other;
}
