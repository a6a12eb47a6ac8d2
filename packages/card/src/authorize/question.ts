import type { McpCall, Principal } from '@sallyport/core';
import { Meter } from '../condition/meter.ts';
import type { Trace } from './trace.ts';

/** The declared scopes a caller holds, with everything they imply. */
export type HeldScopes = ReadonlySet<string>;

/** One call as rules see it. */
export class Question {
  readonly principal: Principal;
  readonly held: HeldScopes;
  /** Absent when a list is filtered. */
  readonly call: McpCall | undefined;
  /** Set when somebody wants to know why. */
  readonly trace: Trace | undefined;
  #meter: Meter | undefined;

  constructor(principal: Principal, held: HeldScopes, call?: McpCall, trace?: Trace) {
    this.principal = principal;
    this.held = held;
    this.call = call;
    this.trace = trace;
  }

  /** Counts what the conditions of this call cost together. */
  get meter(): Meter {
    this.#meter ??= new Meter();
    return this.#meter;
  }
}
