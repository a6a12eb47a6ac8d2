import { createHash } from 'node:crypto';
import type { AnchorConfig } from '../types/audit-anchor.ts';
import type { ExportConfig } from '../types/audit-export-config.ts';
import type { IssuerConfig, SallyportConfig } from '../types/sallyport-config.ts';

/**
 * `sha256:<hex>` over the effective values as canonical JSON (RFC 8785), so that two processes can be compared.
 * Without secrets: a hash of something short that is secret gives it away.
 */
export function hashConfig(config: Omit<SallyportConfig, 'file' | 'hash' | 'warnings'>): string {
  const { hashKey: _, signingKey: ___, previousSigningKey: ____, ...audit } = config.audit;
  const exports = audit.export.map(withoutCredentials);
  const { nonceKey: __, ...dpop } = config.dpop;
  const { cursorKey: _____, ...open } = config;
  const { enterpriseToken } = config;
  return `sha256:${createHash('sha256')
    .update(
      canonicalJson({
        ...open,
        issuers: config.issuers.map(withoutSecrets),
        ...(enterpriseToken !== undefined && { enterpriseToken: withoutSecrets(enterpriseToken) }),
        audit: { ...audit, export: exports, anchors: audit.anchors.map(withoutHeaderValues) },
        dpop,
      }),
    )
    .digest('hex')}`;
}

function withoutSecrets(issuer: IssuerConfig): IssuerConfig {
  if (issuer.introspection === undefined) return issuer;
  const { clientSecret: _, privateKey: __, ...introspection } = issuer.introspection;
  return { ...issuer, introspection };
}

/** Which headers are sent still counts, and which certificate. */
function withoutCredentials(one: ExportConfig): object {
  if (one.type === 'stdout') return one;
  const { key: _, ...tls } = one.tls;
  if (one.type === 'syslog') return { ...one, tls };
  const open = { ...one, headers: Object.keys(one.headers).toSorted(), tls };
  return one.type === 'otlp' ? open : { ...open, secrets: one.secrets.length };
}

function withoutHeaderValues(one: AnchorConfig): object {
  return one.type === 'file' ? one : { ...one, headers: Object.keys(one.headers).toSorted() };
}

/** JSON with sorted names, as RFC 8785 has it; for plain JSON values without `undefined`. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const names = Object.keys(value).toSorted();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonicalJson((value as Record<string, unknown>)[name])}`).join(',')}}`;
}
