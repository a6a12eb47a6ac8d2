import type { ExplainedCheck, ExplanationStep } from '../explain/explanation.ts';

/** A rule as an explanation needs it: what it checks, in order. */
export interface TracedRule {
  readonly name: string;
  readonly checks: readonly ExplainedCheck[];
}

/** Writes down the checks of a decision while they are made. */
export class Trace {
  readonly #steps = new Map<string, ExplanationStep>();
  readonly #rules = new Map<string, TracedRule>();

  /** A rule takes part in the decision, whether or not all of its checks are reached. */
  involve(rule: TracedRule): void {
    this.#rules.set(rule.name, rule);
  }

  /** The same check of several resources is written down once. */
  add(check: ExplainedCheck, rule: string, passed: boolean, detail: string): void {
    const step: ExplanationStep = Object.freeze({ check, rule, outcome: passed ? 'pass' : 'fail', detail });
    this.#steps.set(JSON.stringify(step), step);
  }

  /** What was checked, and then what was not because something failed before. */
  get steps(): readonly ExplanationStep[] {
    const made = [...this.#steps.values()];
    const skipped = [...this.#rules.values()].flatMap(({ name, checks }) =>
      checks
        .filter((check) => !made.some((step) => step.check === check && step.rule === name))
        .map((check): ExplanationStep =>
          Object.freeze({ check, rule: name, outcome: 'skipped', detail: 'not looked at' }),
        ),
    );
    return Object.freeze([...made, ...skipped]);
  }
}
