import { type AuditRecord, textAt, valueAt, wouldDeny } from '@sallyport/core';
import { createWouldDenyGroups } from '../../would-deny-groups.ts';
import { CallTable } from './call-table.ts';
import { EventLists } from './event-lists.ts';
import { findPeaks } from './find-peaks.ts';
import { RedactionCounts } from './redaction-counts.ts';
import { RefusalTable } from './refusal-table.ts';
import type { ReportFigures } from './report-figures.ts';
import { TallyMap } from './tally-map.ts';
import { TimeBuckets } from './time-buckets.ts';
import { TimeSpan } from './time-span.ts';

/** Rows of a table of the report. */
export const maxTableRows = 50;

/** Counts what a report shows while the records of a log are read, in bounded memory. */
export interface FigureCollector {
  /** Takes the next record of the log. */
  see(record: AuditRecord): void;
  finish(): ReportFigures;
}

export function createFigures(): FigureCollector {
  const types = new TallyMap();
  const outcomes = new TallyMap();
  const calls = new CallTable();
  const failures = new RefusalTable();
  const refusals = new RefusalTable();
  const events = new EventLists();
  const redaction = new RedactionCounts();
  const buckets = new TimeBuckets();
  const span = new TimeSpan();
  const observed = createWouldDenyGroups();
  const open = new Set<string>();
  let records = 0;

  const decide = (record: AuditRecord, atMs: number): void => {
    const effect = wouldDeny(record)
      ? 'wouldDeny'
      : textAt(record, 'decision', 'effect') === 'allow'
        ? 'allowed'
        : 'denied';
    calls.see(record, effect, atMs);
    buckets.see(atMs, effect === 'denied' ? 'denied' : 'allowed');
    if (effect === 'wouldDeny') observed.see(record);
    if (effect !== 'denied') open.add(`${record.stream} ${record.call ?? ''}`);
  };
  const end = (record: AuditRecord): void => {
    outcomes.add(textAt(record, 'outcome', 'status') ?? 'unknown');
    open.delete(`${record.stream} ${record.call ?? ''}`);
  };
  const count = (record: AuditRecord, atMs: number): void => {
    const of = valueAt(record, 'detail', 'of');
    const table = of === 'auth.failure' ? failures : refusals;
    buckets.see(atMs, 'refused', table.seeTogether(record, atMs));
  };

  return {
    see(record) {
      const atMs = Date.parse(record.at);
      records += 1;
      types.add(record.type);
      span.see(atMs);
      redaction.see(record);
      switch (record.type) {
        case 'mcp.decision':
          decide(record, atMs);
          break;
        case 'mcp.outcome':
          end(record);
          break;
        case 'auth.failure':
          failures.see(record, atMs);
          buckets.see(atMs, 'refused');
          break;
        case 'request.refused':
          refusals.see(record, atMs);
          buckets.see(atMs, 'refused');
          break;
        case 'audit.aggregated':
          count(record, atMs);
          break;
        default:
          events.see(record);
      }
    },
    finish() {
      const series = buckets.finish();
      const { groups, ungrouped } = observed.finish();
      const { decisions, ...tables } = calls.finish(maxTableRows);
      return {
        span: { first: span.first, last: span.last },
        records,
        types: types.finish(),
        decisions,
        ...tables,
        outcomes: outcomes.finish(),
        open: open.size,
        authFailures: failures.totals,
        refusedRequests: refusals.totals,
        failures: failures.top(maxTableRows),
        refusals: refusals.top(maxTableRows),
        activity: { ...series, ...findPeaks(series.buckets), untimed: buckets.untimed },
        observe: {
          calls: decisions.wouldDeny,
          groups: groups.slice(0, maxTableRows),
          moreGroups: Math.max(0, groups.length - maxTableRows) + (ungrouped > 0 ? 1 : 0),
          starts: events.observeStarts,
        },
        events: events.finish(),
        redaction: redaction.finish(),
      };
    },
  };
}
