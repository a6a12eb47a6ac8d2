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

/**
 * A condition on the caller or the arguments that did not hold. For audit and operators only: a caller never learns it. Holds nothing of
 * the call but what the card itself says.
 */
export interface FailedCondition {
  /** The rule it belongs to. Of several that must hold, the first that did not. */
  readonly rule: string;
  /** The field of the rule that asks for it. */
  readonly field: 'groups' | 'roles' | 'when';
  /** `when`: the CEL expression. `groups` and `roles`: the names of which one is needed, separated by commas. */
  readonly expression: string;
  /** `error`: it could not be evaluated, which denies as well. */
  readonly result: false | 'error';
  /** Why it could not be evaluated: `args.amount is missing`. */
  readonly problem?: string;
  /** One line for an operator: `group dba required`. */
  readonly message: string;
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
  /** What did not hold, when the reason is `condition`. */
  readonly condition?: FailedCondition;
  readonly disclosure: Disclosure;
  /** SHA-256 of the policy that decided, as `sha256:<hex>`. */
  readonly policy: string;
  /** How the target wants to be recorded; absent fields follow the deployment. */
  readonly audit: { readonly level?: AuditLevel; readonly mode?: AuditMode };
  /** JSON pointers (RFC 6901) into the arguments that are never recorded in clear. */
  readonly sensitive: readonly string[];
}
