import type { SignInRequirement } from '@sallyport/core';
import type { Condition } from '../condition/compile-condition.ts';
import type { ConditionFacts } from '../condition/condition-facts.ts';
import type { ConditionRead } from '../condition/condition-reads.ts';
import { partialConditionOf } from '../condition/partial-condition.ts';
import { maxSteps, Meter } from '../condition/meter.ts';
import type { PartlyKnownCall } from '../replay/partly-known-call.ts';
import { meetsSignIn } from './meets-sign-in.ts';
import type { MissingFact } from './missing-fact.ts';

const nothing: ReadonlySet<MissingFact> = new Set();
/** Seconds between a decision and its record, at most. */
const recordingSeconds = 60;
/** Characters of the claims of a token, at most: as many as Node takes in the headers of a request. */
const maxClaimCharacters = 16_384;

/**
 * What is not known of a call that is decided again from its record. Every check that could fail or pass, depending on that, passes and is
 * noted: a decision that denies all the same would deny whatever the facts were, and one that allows with nothing noted as well.
 */
export class Gaps {
  readonly #call: PartlyKnownCall;
  #missing: Set<MissingFact> | undefined;
  /** Counts what conditions cost that are evaluated as in the first decision. */
  #meter: Meter | undefined;
  /** Steps that conditions may have taken beyond those. */
  #steps = 0;
  #asked = false;

  constructor(call: PartlyKnownCall) {
    this.#call = call;
  }

  /** Whether anything but scopes and names was looked at. */
  get asked(): boolean {
    return this.#asked;
  }

  /** What was looked at and is not known. */
  missing(): ReadonlySet<MissingFact> {
    const tooMany = this.#steps > 0 && (this.#meter?.spent ?? 0) + this.#steps > maxSteps;
    if (tooMany && this.#missing === undefined) this.#note('steps');
    return this.#missing ?? nothing;
  }

  /** Whether the caller has one of these groups or roles; `undefined` when that is known of the caller itself. */
  membership(field: 'groups' | 'roles', names: readonly string[]): boolean | undefined {
    this.#asked = true;
    const { unknown, failed } = this.#call;
    if (!unknown.has(field)) return undefined;
    const [name, ...others] = names;
    // The names of a failed condition stand in one text, so only a single one is certain.
    if (failed?.field === field && others.length === 0 && failed.expression === name) return false;
    this.#note(field);
    return true;
  }

  meetsSignIn(requirement: SignInRequirement): boolean {
    this.#asked = true;
    const { principal, unknown, at } = this.#call;
    const { acrValues, maxAgeSeconds } = requirement;
    const seconds = Date.parse(at) / 1_000;
    const untimed = unknown.has('authTime') || Number.isNaN(seconds);
    if (!unknown.has('acr') && !meetsSignIn({ acrValues }, principal, 0)) return false;
    const age = { ...requirement, acrValues: [] };
    if (!untimed && !meetsSignIn(age, principal, seconds - recordingSeconds)) return false;
    if (acrValues.length > 0 && unknown.has('acr')) this.#note('acr');
    if (maxAgeSeconds !== undefined && (untimed || !meetsSignIn(age, principal, seconds))) this.#note('authTime');
    return true;
  }

  /** Whether a condition holds. */
  holds(condition: Condition, facts: ConditionFacts): boolean {
    this.#asked = true;
    const partial = partialConditionOf(condition);
    const { reads } = partial;
    const knows = (read: ConditionRead): boolean => this.#lacks(read) === undefined;
    const characters = (read: readonly ConditionRead[]): number => this.#characters(facts, read);
    if (reads.every(knows)) {
      const holds = condition.evaluate(facts, (this.#meter ??= new Meter())) === undefined;
      // Of what is hidden beside what is read, in the same list, nothing was counted.
      const all = this.#call.arguments.isComplete() || !reads.some(({ variable }) => variable === 'args');
      if (holds && !all) this.#steps += partial.bound(characters(reads));
      return holds;
    }
    if (this.#failedBefore(condition, reads)) return false;
    const { holds, missing, steps } = partial.evaluate({ ...facts, knows, characters });
    if (holds === false) return false;
    this.#steps += steps;
    if (holds === 'unknown') {
      if (missing.length === 0) this.#note('steps');
      for (const read of missing) this.#note(this.#lacks(read) ?? 'arguments');
    }
    return true;
  }

  #note(fact: MissingFact): void {
    this.#missing ??= new Set();
    this.#missing.add(fact);
  }

  /** What is not known of this, if anything. */
  #lacks({ variable, path, part }: ConditionRead): MissingFact | undefined {
    const { unknown, arguments: recorded } = this.#call;
    if (variable === 'args') return recorded.knows(path, part) ? undefined : 'arguments';
    if (variable === 'call') return undefined;
    for (const fact of unknown) if (fact === path[0]) return fact;
    return undefined;
  }

  /** The record says that this very condition did not hold. Which scopes a caller holds is another question under another card. */
  #failedBefore({ expression }: Condition, reads: readonly ConditionRead[]): boolean {
    const { failed } = this.#call;
    const readsScopes = reads.some(({ variable, path }) => variable === 'principal' && path[0] === 'scopes');
    return failed?.field === 'when' && failed.expression === expression && !readsScopes;
  }

  /** How many characters these have as JSON, at most. */
  #characters({ principal, target }: ConditionFacts, reads: readonly ConditionRead[]): number {
    let characters = target.length;
    if (reads.some(({ variable }) => variable === 'args')) characters += this.#call.arguments.bytes;
    if (!reads.some(({ variable }) => variable === 'principal')) return characters;
    const known = reads.every((read) => read.variable !== 'principal' || this.#lacks(read) === undefined);
    return characters + (known ? JSON.stringify(principal).length : maxClaimCharacters);
  }
}
