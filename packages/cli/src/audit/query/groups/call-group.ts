import { textAt, wouldDeny, type AuditRecord } from '@sallyport/core';
import { countOf } from '../../count-of.ts';
import { groupValue, type GroupKey } from './group-key.ts';

/** Calls, refusals and other records with the same values. What ends a call is not counted: it belongs to what began it. */
export interface CallGroup {
  /** In the order of the keys. */
  readonly values: readonly (string | undefined)[];
  calls: number;
  allowed: number;
  denied: number;
  /** Let pass by observe mode although the policy denies it; not among the denied. */
  wouldDeny: number;
  first: string;
  last: string;
}

/** Groups in the order in which they were seen. */
export class CallGroups {
  readonly #keys: readonly GroupKey[];
  readonly #groups: Map<string, CallGroup> = new Map();

  constructor(keys: readonly GroupKey[]) {
    this.#keys = keys;
  }

  see(record: AuditRecord): void {
    const values = this.#keys.map((key) => groupValue(record, key));
    const group = this.#groupOf(values) ?? this.#begin(values, record.at);
    const count = countOf(record);
    group.calls += count;
    const effect = textAt(record, 'decision', 'effect');
    if (wouldDeny(record)) group.wouldDeny += count;
    else if (effect === 'allow') group.allowed += count;
    else if (effect === 'deny') group.denied += count;
    widen(group, record.at, record.at);
  }

  /** Adds what another count came to. False when it would be one group more than `most`. */
  add(other: CallGroup, most: number): boolean {
    const known = this.#groupOf(other.values);
    if (known === undefined && this.#groups.size >= most) return false;
    const group = known ?? this.#begin(other.values, other.first);
    group.calls += other.calls;
    group.allowed += other.allowed;
    group.denied += other.denied;
    group.wouldDeny += other.wouldDeny;
    widen(group, other.first, other.last);
    return true;
  }

  list(): CallGroup[] {
    return [...this.#groups.values()];
  }

  #groupOf(values: readonly (string | undefined)[]): CallGroup | undefined {
    return this.#groups.get(keyOf(values));
  }

  #begin(values: readonly (string | undefined)[], at: string): CallGroup {
    const group = { values, calls: 0, allowed: 0, denied: 0, wouldDeny: 0, first: at, last: at };
    this.#groups.set(keyOf(values), group);
    return group;
  }
}

function keyOf(values: readonly (string | undefined)[]): string {
  const [only] = values;
  // The other form begins with a bracket.
  return values.length === 1 && only !== undefined ? `=${only}` : JSON.stringify(values.map((value) => value ?? null));
}

function widen(group: CallGroup, first: string, last: string): void {
  if (first < group.first) group.first = first;
  if (last > group.last) group.last = last;
}
