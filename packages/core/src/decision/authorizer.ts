import type { McpCall, Target } from '../call/mcp-call.ts';
import type { Principal } from '../principal/principal.ts';
import type { Decision } from './decision.ts';

/**
 * Decides calls. Default deny; never throws; depends on nothing but its arguments, its policy and, where a target asks for a fresh
 * sign-in, the time.
 */
export interface Authorizer {
  /** SHA-256 of the policy, as `sha256:<hex>`. */
  readonly policy: string;
  decide(principal: Principal, call: McpCall): Decision;
  /**
   * Whether a list shows this target to this principal.
   * `template` is true for an entry of `resourceTemplates`, whose name is the template itself and not a URI.
   */
  sees(principal: Principal, target: Target, template?: boolean): boolean;
}
