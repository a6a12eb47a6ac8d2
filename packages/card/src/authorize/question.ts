import type { McpCall, Principal } from '@sallyport/core';
import { Meter } from '../condition/meter.ts';
import type { Gaps } from './gaps.ts';
import type { Trace } from './trace.ts';

/** The declared scopes a caller holds, with everything they imply. */
export type HeldScopes = ReadonlySet<string>;

/** What goes along with a decision that is not made for a caller. */
export interface Companions {
  /** Set when somebody wants to know why. */
  readonly trace?: Trace | undefined;
  /** Set when a call is decided again of which not everything is known. */
  readonly gaps?: Gaps | undefined;
}

/** One call as rules see it. */
export class Question {
  readonly principal: Principal;
  readonly held: HeldScopes;
  /** Absent when a list is filtered. */
  readonly call: McpCall | undefined;
  readonly trace: Trace | undefined;
  readonly gaps: Gaps | undefined;
  #meter: Meter | undefined;

  constructor(principal: Principal, held: HeldScopes, call?: McpCall, companions?: Companions) {
    this.principal = principal;
    this.held = held;
    this.call = call;
    this.trace = companions?.trace;
    this.gaps = companions?.gaps;
  }

  /** Counts what the conditions of this call cost together. */
  get meter(): Meter {
    this.#meter ??= new Meter();
    return this.#meter;
  }
}
