import type { AuditLevel, AuditMode, Disclosure } from '@sallyport/core';

/** A scope, as `defineCard` takes it. */
export interface ScopeInput<S extends string = string> {
  /** For people: shown on consent pages and in the published card. */
  readonly description?: string;
  /** Scopes that come with this one. Transitive; cycles are refused. */
  readonly implies?: readonly S[];
}

/**
 * Who may use a target. One of `scopes` and `anyOf` must be there: what is left out permits nothing, and `scopes: []` stands for any valid
 * token.
 */
export type AccessRuleInput<S extends string = string> = RuleFields<S> &
  (
    | { readonly scopes: readonly S[]; readonly anyOf?: readonly (S | readonly S[])[] }
    | { readonly scopes?: readonly S[]; readonly anyOf: readonly (S | readonly S[])[] }
  );

/** The rule of a tool or prompt, which has arguments. */
export type CallRuleInput<S extends string = string> = AccessRuleInput<S> & {
  /** JSON pointers (RFC 6901) into the arguments that are never recorded in clear. */
  readonly sensitive?: readonly string[];
};

interface RuleFields<S extends string> {
  readonly description?: string;
  /** Groups of which the caller must be in one. */
  readonly groups?: readonly string[];
  /** Roles of which the caller must have one. */
  readonly roles?: readonly string[];
  /** A condition in CEL over `principal`, `args` and `call`. */
  readonly when?: string;
  /** Scopes with which the condition may hold; named in the challenge when it does not. */
  readonly stepUp?: readonly S[];
  /** How the user must have signed in (RFC 9470). */
  readonly authentication?: { readonly acrValues?: readonly string[]; readonly maxAgeSeconds?: number };
  /** Whether a refused caller learns that the target exists. Default `challenge`. */
  readonly disclosure?: Disclosure;
  readonly audit?: { readonly level?: AuditLevel; readonly mode?: AuditMode };
}

/** An input of SEP-2127: a value that a client asks its user for, or that is fixed. */
export interface RemoteInput {
  readonly description?: string;
  readonly default?: string;
  readonly value?: string;
  readonly placeholder?: string;
  readonly choices?: readonly string[];
  readonly format?: 'boolean' | 'filepath' | 'number' | 'string';
  readonly isRequired?: boolean;
  /** A secret must have neither a value nor a default: everybody could read it. */
  readonly isSecret?: boolean;
}

type Variables = Readonly<Record<string, RemoteInput>>;

/** A Server Card (SEP-2127 v1) and its access policy, as `defineCard` takes them. `S` are the declared scopes. */
export interface CardInput<S extends string = string> {
  /** Reverse-DNS, with one slash: `com.example/notes`. 3 to 200 characters. */
  readonly name: string;
  /** One version, such as `1.0.2`. 1 to 255 characters. */
  readonly version: string;
  /** 1 to 100 characters. */
  readonly description: string;
  /** 1 to 100 characters. */
  readonly title?: string;
  readonly websiteUrl?: string;
  readonly repository?: {
    readonly url: string;
    readonly source: string;
    readonly id?: string;
    readonly subfolder?: string;
  };
  readonly icons?: readonly {
    readonly src: string;
    readonly mimeType?: string;
    readonly sizes?: readonly string[];
    readonly theme?: 'dark' | 'light';
  }[];
  /** Default: the endpoint of the server's configuration. */
  readonly remotes?: readonly {
    readonly type: 'sse' | 'streamable-http';
    readonly url: string;
    readonly headers?: readonly (RemoteInput & { readonly name: string; readonly variables?: Variables })[];
    readonly supportedProtocolVersions?: readonly string[];
    readonly variables?: Variables;
  }[];
  /** Other metadata. The access policy is written from the members below. */
  readonly _meta?: Readonly<Record<string, unknown>>;
  /** The scopes there are. A rule can name no other. */
  readonly scopes?: Readonly<Record<S, ScopeInput<NoInfer<S>>>>;
  readonly tools?: Readonly<Record<string, CallRuleInput<NoInfer<S>>>>;
  /** By URI or RFC 6570 template. */
  readonly resources?: Readonly<Record<string, AccessRuleInput<NoInfer<S>>>>;
  readonly prompts?: Readonly<Record<string, CallRuleInput<NoInfer<S>>>>;
}
