import { createHash } from 'node:crypto';
import type { SallyportConfig } from '../types/sallyport-config.ts';

/**
 * `sha256:<hex>` over the effective values as canonical JSON (RFC 8785), so that two processes can be compared.
 * Without the hash key: a hash of something short that is secret gives it away.
 */
export function hashConfig(config: Omit<SallyportConfig, 'file' | 'hash' | 'warnings'>): string {
  const { hashKey: _, ...audit } = config.audit;
  return `sha256:${createHash('sha256')
    .update(canonicalJson({ ...config, audit }))
    .digest('hex')}`;
}

/** JSON with sorted names, as RFC 8785 has it; for plain JSON values without `undefined`. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const names = Object.keys(value).toSorted();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonicalJson((value as Record<string, unknown>)[name])}`).join(',')}}`;
}
