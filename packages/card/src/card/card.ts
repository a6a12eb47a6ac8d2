import type { AuditLevel, AuditMode, Disclosure, JsonObject, SignInRequirement } from '@sallyport/core';

/** The key of `_meta` under which a Server Card declares who may use what. */
export const accessKey = 'dev.sallyport/access';

/** A declared scope. */
export interface ScopeRule {
  readonly description?: string;
  /** Scopes that come with this one. Transitive and free of cycles. */
  readonly implies: readonly string[];
}

/** What one tool, resource, resource template or prompt asks of its caller. */
export interface TargetRule {
  readonly description?: string;
  /** Every one of these is needed. Empty: any valid token, unless `anyOf` asks for more. */
  readonly scopes: readonly string[];
  /** Besides `scopes`, every scope of at least one of these lists is needed. Empty: no further need. */
  readonly anyOf: readonly (readonly string[])[];
  /** The caller must be in at least one of these groups. Empty: in none in particular. */
  readonly groups: readonly string[];
  /** The caller must have at least one of these roles. Empty: none in particular. */
  readonly roles: readonly string[];
  /** A condition in CEL over `principal`, `args` and `call`. What is not true denies with reason `condition`. */
  readonly when?: string;
  /** Scopes with which the condition may hold; named in the challenge when it does not. */
  readonly stepUp: readonly string[];
  /** How the user must have signed in (RFC 9470), asked of a caller who holds the scopes. */
  readonly authentication?: SignInRequirement;
  readonly disclosure: Disclosure;
  /** JSON pointers (RFC 6901) into the arguments that are never recorded in clear. */
  readonly sensitive: readonly string[];
  readonly audit: { readonly level?: AuditLevel; readonly mode?: AuditMode };
}

/**
 * The access policy of a card. Maps, because the names are whatever an author wrote: `__proto__` is a name like any other.
 * Keys of `resources` are URIs or RFC 6570 templates.
 */
export interface AccessPolicy {
  readonly scopes: ReadonlyMap<string, ScopeRule>;
  readonly tools: ReadonlyMap<string, TargetRule>;
  readonly resources: ReadonlyMap<string, TargetRule>;
  readonly prompts: ReadonlyMap<string, TargetRule>;
}

/** A validated Server Card (SEP-2127 v1) and the access policy it declares. */
export interface Card {
  /** Absolute path of the file it was read from; absent for a card given as an object. */
  readonly file?: string;
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly title?: string;
  /** SHA-256 of the access policy without its descriptions, as `sha256:<hex>`. Independent of the order of keys. */
  readonly policy: string;
  readonly access: AccessPolicy;
  /** The document as it was read, deeply frozen, its objects without prototypes. Never publish it: see `publishedCard`. */
  readonly document: JsonObject;
}
