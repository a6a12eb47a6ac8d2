import type { AuditLevel, AuditMode } from '../audit/audit-record.ts';
import type { Reason } from './reason.ts';

/** Whether a refused caller learns that the target exists. */
export type Disclosure = 'challenge' | 'hide';

/** How the user must have signed in (RFC 9470 §3). At least one of the two is set. */
export interface SignInRequirement {
  /** Accepted values of `acr`, in order of preference; empty: any. */
  readonly acrValues: readonly string[];
  /** Seconds since the user's last active sign-in, at most. */
  readonly maxAgeSeconds?: number;
}

/** What the authorizer says of one call. Frozen; shared between equal calls. */
export interface Decision {
  readonly effect: 'allow' | 'deny';
  /** Set when the effect is `deny`. */
  readonly reason?: Reason;
  /** The rule that decided, such as `tools.read-note` or `methods.tools/list`. For audit and operators only. */
  readonly rule: string;
  /** Every scope the operation needs. */
  readonly requiredScopes: readonly string[];
  readonly missingScopes: readonly string[];
  /** Scopes to put into a 403 challenge; never those behind a hidden gate. */
  readonly challengeScopes: readonly string[];
  /** What the challenge asks for when the reason is `step_up_required`. */
  readonly signIn?: SignInRequirement;
  readonly disclosure: Disclosure;
  /** SHA-256 of the policy that decided, as `sha256:<hex>`. */
  readonly policy: string;
  /** How the target wants to be recorded; absent fields follow the deployment. */
  readonly audit: { readonly level?: AuditLevel; readonly mode?: AuditMode };
  /** JSON pointers (RFC 6901) into the arguments that are never recorded in clear. */
  readonly sensitive: readonly string[];
}
