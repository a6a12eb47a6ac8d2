import { type AuditRecord, textAt } from '@sallyport/core';
import { BoundedGroups } from './bounded-groups.ts';
import type { CallerRow, DecisionCounts, DenialRow, TopRows } from './report-figures.ts';
import { TimeSpan } from './time-span.ts';

type Effect = keyof DecisionCounts;

interface Caller extends Record<Effect, number> {
  readonly subject: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly kind: string;
  readonly target: string;
  readonly span: TimeSpan;
}

interface Denial {
  readonly reason: string;
  readonly rule: string;
  readonly span: TimeSpan;
  readonly subjects: Set<object>;
  readonly examples: string[];
  calls: number;
}

const maxExamples = 3;
const maxSubjects = 1000;

/** Counts decisions: by caller and target, and those that denied by reason and rule. */
export class CallTable {
  readonly #callers: BoundedGroups<Caller> = new BoundedGroups();
  readonly #denials: BoundedGroups<Denial> = new BoundedGroups(10_000);
  readonly #subjects: BoundedGroups<object> = new BoundedGroups();
  readonly #targets: BoundedGroups<object> = new BoundedGroups();
  readonly #decisions: Record<Effect, number> = { allowed: 0, denied: 0, wouldDeny: 0 };

  see(record: AuditRecord, effect: Effect, atMs: number): void {
    this.#decisions[effect] += 1;
    const { subject, issuer, clientId, kind, target } = callerOf(record);
    const who = this.#subjects.rowOf([issuer, subject, clientId], () => ({}));
    this.#targets.rowOf([kind, target], () => ({}));
    const row = this.#callers.rowOf([issuer, subject, clientId, kind, target], () => ({
      subject,
      issuer,
      clientId,
      kind,
      target,
      allowed: 0,
      denied: 0,
      wouldDeny: 0,
      span: new TimeSpan(),
    }));
    if (row !== undefined) {
      row[effect] += 1;
      row.span.see(atMs);
    }
    if (effect === 'denied') this.#deny(record, who, atMs);
  }

  finish(rows: number): {
    readonly decisions: DecisionCounts;
    readonly subjects: number;
    readonly targets: number;
    readonly atLeast: boolean;
    readonly callers: TopRows<CallerRow>;
    readonly denials: TopRows<DenialRow>;
  } {
    const callers = this.#callers.top(rows, (a, b) => callsOf(b) - callsOf(a) || order(a.subject, b.subject));
    const denials = this.#denials.top(rows, (a, b) => b.calls - a.calls || order(a.rule, b.rule));
    const [subjects, targets] = [this.#subjects.size, this.#targets.size];
    return {
      decisions: { ...this.#decisions },
      subjects,
      targets,
      atLeast: this.#subjects.left > 0 || this.#targets.left > 0,
      callers: { rows: callers.rows.map(callerRow), more: callers.more, ungrouped: this.#callers.left },
      denials: { rows: denials.rows.map(denialRow), more: denials.more, ungrouped: this.#denials.left },
    };
  }

  #deny(record: AuditRecord, who: object | undefined, atMs: number): void {
    const reason = textAt(record, 'decision', 'reason') ?? '';
    const rule = textAt(record, 'decision', 'rule') ?? '';
    const row = this.#denials.rowOf([reason, rule], () => ({
      reason,
      rule,
      calls: 0,
      examples: [],
      span: new TimeSpan(),
      subjects: new Set<object>(),
    }));
    if (row === undefined) return;
    row.calls += 1;
    row.span.see(atMs);
    if (who !== undefined && row.subjects.size < maxSubjects) row.subjects.add(who);
    const call = textAt(record, 'call');
    if (call !== undefined && row.examples.length < maxExamples) row.examples.push(call);
  }
}

function callerOf(record: AuditRecord): Pick<Caller, 'subject' | 'issuer' | 'clientId' | 'kind' | 'target'> {
  const name = textAt(record, 'target', 'name');
  return {
    subject: textAt(record, 'actor', 'sub') ?? '',
    issuer: textAt(record, 'actor', 'iss') ?? '',
    clientId: textAt(record, 'actor', 'clientId') ?? '',
    kind: name === undefined ? 'method' : (textAt(record, 'target', 'kind') ?? ''),
    target: name ?? textAt(record, 'mcp', 'method') ?? '',
  };
}

function callerRow({ span, ...row }: Caller): CallerRow {
  return { ...row, calls: callsOf(row), first: span.first, last: span.last };
}

function denialRow({ reason, rule, calls, span, subjects, examples }: Denial): DenialRow {
  return { reason, rule, calls, subjects: subjects.size, first: span.first, last: span.last, examples };
}

function callsOf({ allowed, denied, wouldDeny }: DecisionCounts): number {
  return allowed + denied + wouldDeny;
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
