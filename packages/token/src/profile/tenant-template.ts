const PLACEHOLDER = '{tenantid}';
const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** True for the issuer of an Entra application that many tenants use: every tenant stands for itself in `iss`. */
export function isTenantTemplate(issuer: string): boolean {
  return issuer.includes(PLACEHOLDER);
}

/** The issuer of one tenant. */
export function issuerOfTenant(template: string, tenant: string): string {
  return template.replace(PLACEHOLDER, tenant);
}

/** Where the metadata for the tokens of all tenants are. They name the template as their issuer. */
export function metadataOfTemplate(template: string): string {
  return issuerOfTenant(template, 'organizations');
}

/** True for the id of a tenant as Entra writes it in tokens. */
export function isTenantId(text: string): boolean {
  return GUID.test(text);
}

/** The tenant that an issuer of Entra belongs to; `undefined` where its URL does not say. */
export function tenantOfIssuer(issuer: string): string | undefined {
  return new URL(issuer).pathname.split('/').find(isTenantId);
}

/**
 * Issuer identifiers that a client can be sent to. Nobody can sign in at a template, so its tenants stand for it.
 */
export function authorizationServers(
  issuers: readonly { readonly issuer: string; readonly tenants?: readonly string[] | undefined }[],
): string[] {
  return issuers.flatMap(({ issuer, tenants = [] }) =>
    isTenantTemplate(issuer) ? tenants.map((tenant) => issuerOfTenant(issuer, tenant)) : [issuer],
  );
}
