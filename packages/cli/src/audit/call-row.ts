import { type AuditRecord, beginsAttempt, textAt, whyDenied, wouldDeny } from '@sallyport/core';
import { printableJson } from '../terminal/printable.ts';
import type { TableCell, TableColumn } from '../terminal/render-table.ts';
import type { Tone } from '../terminal/style.ts';

/** One line of the table: an attempt with how it ended, or a record that belongs to none. */
export interface CallRow {
  readonly atMs: number;
  readonly at: string;
  readonly stream: string;
  readonly seq: number;
  readonly call: string;
  readonly who: string;
  readonly client: string;
  readonly what: string;
  /** `allow`, `deny`, or `would deny` for what observe mode let pass. */
  readonly effect: string;
  readonly rule: string;
  /** Why enforcing would refuse it; empty for everything else. */
  readonly why: string;
  /** For a call that ran: how it ended, `open` until that is seen. For a refusal: why. */
  result: string;
}

export const callColumns: readonly TableColumn[] = [
  { title: 'TIME (UTC)' },
  { title: 'WHO', minWidth: 8 },
  { title: 'CLIENT', minWidth: 6 },
  { title: 'WHAT', minWidth: 24 },
  { title: 'DECISION' },
  { title: 'RESULT', minWidth: 12 },
  { title: 'RULE', minWidth: 5 },
  { title: 'CALL' },
];

const maxDetail = 60;

/** The row of a record that begins an attempt, or stands for itself. */
export function callRow(record: AuditRecord): CallRow {
  const observed = wouldDeny(record);
  const effect = observed ? 'would deny' : (textAt(record, 'decision', 'effect') ?? '');
  const ip = textAt(record, 'source', 'ip');
  return {
    atMs: Date.parse(record.at),
    at: record.at,
    stream: record.stream,
    seq: record.seq,
    call: textAt(record, 'call') ?? '',
    who:
      textAt(record, 'actor', 'sub') ??
      textAt(record, 'revocation', 'sub') ??
      (ip === undefined ? '' : `anonymous ${ip}`),
    client: textAt(record, 'actor', 'clientId') ?? '',
    what: whatOf(record),
    effect,
    rule: textAt(record, 'decision', 'rule') ?? '',
    why: observed ? whyDenied(record) : '',
    result: resultOf(record, effect),
  };
}

/** How an attempt ended, from the record that ends it. */
export function endOf(record: AuditRecord): string {
  const status = textAt(record, 'outcome', 'status') ?? 'ended';
  const durationMs = textAt(record, 'outcome', 'durationMs');
  return durationMs === undefined ? status : `${status} ${Math.round(Number(durationMs))} ms`;
}

/** The cells of a row, in the order of `callColumns`. */
export function callCells(row: CallRow): readonly TableCell[] {
  return [
    shortTime(row.at),
    row.who,
    row.client,
    row.what,
    toned(row.effect, effectTone(row.effect)),
    toned(row.why === '' ? row.result : `${row.why}, ${row.result}`, resultTone(row)),
    row.rule,
    row.call.slice(0, 8),
  ];
}

function whatOf(record: AuditRecord): string {
  const method = textAt(record, 'mcp', 'method');
  const target = textAt(record, 'target', 'name');
  if (method === undefined) return record.type;
  return target === undefined ? method : `${method} ${target}`;
}

function resultOf(record: AuditRecord, effect: string): string {
  if (beginsAttempt(record)) return 'open';
  if (effect === 'deny') return whyDenied(record);
  if (record.outcome !== undefined) return endOf(record);
  if (record.detail === undefined) return '';
  const detail = printableJson(record.detail);
  return detail.length > maxDetail ? `${detail.slice(0, maxDetail)}…` : detail;
}

const effectTones: ReadonlyMap<string, Tone> = new Map([
  ['allow', 'good'],
  ['deny', 'bad'],
  ['would deny', 'warn'],
]);

/** How the effect of a decision looks. */
export function effectTone(effect: string): Tone | undefined {
  return effectTones.get(effect);
}

function resultTone({ what, effect, result }: CallRow): Tone | undefined {
  if (what === 'audit.gap') return 'bad';
  return effect === 'allow' && !result.startsWith('ok') ? 'warn' : undefined;
}

function toned(text: string, tone: Tone | undefined): TableCell {
  return tone === undefined ? text : { text, tone };
}

/** `2026-11-20T21:00:00.000Z` as `2026-11-20 21:00:00`; anything else as it is. */
function shortTime(at: string): string {
  return /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/.test(at) ? `${at.slice(0, 10)} ${at.slice(11, 19)}` : at;
}
