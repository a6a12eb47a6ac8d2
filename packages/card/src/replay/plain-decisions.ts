import type { Decision, McpCall, Principal } from '@sallyport/core';
import type { MissingFact } from '../authorize/missing-fact.ts';

export interface DecidedAgain {
  readonly decision: Decision;
  /** What is not known and was looked at. */
  readonly missing: ReadonlySet<MissingFact>;
  /** Whether every call that leaves the record has this effect. */
  readonly certain: boolean;
}

/** Remembers decisions that depend on nothing but the caller, the method and the target. */
export interface PlainDecisions {
  find(principal: Principal, call: McpCall): DecidedAgain | undefined;
  add(principal: Principal, call: McpCall, decided: DecidedAgain): void;
}

/** Targets of one caller; a caller can make up names without end. */
const maxTargets = 1_000;

/** Most calls of a log are of this kind, and most of them repeat others. `principal` must be one frozen object for each caller. */
export function createPlainDecisions(): PlainDecisions {
  const callers = new WeakMap<Principal, Map<string, DecidedAgain>>();
  return {
    find: (principal, call) => callers.get(principal)?.get(keyOf(call)),
    add(principal, call, decided) {
      const known = callers.get(principal) ?? new Map<string, DecidedAgain>();
      callers.set(principal, known);
      if (known.size >= maxTargets) known.clear();
      known.set(keyOf(call), decided);
    },
  };
}

/** Equal for two calls only when everything is equal that such a decision depends on. */
function keyOf({ kind, era, method, target }: McpCall): string {
  const name = target === null ? '' : `${target.kind} ${target.name}`;
  return `${kind} ${era} ${method.length} ${method} ${name}`;
}
