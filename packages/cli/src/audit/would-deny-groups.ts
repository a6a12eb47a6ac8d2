import { type AuditRecord, textAt, textsAt, wouldDeny } from '@sallyport/core';
import type { TableCell, TableColumn } from '../terminal/render-table.ts';

/** Calls that enforcing would deny for the same reason to the same caller. */
export interface WouldDenyGroup {
  /** The rule that denies, or for what no rule covers the method and the target. */
  readonly rule: string;
  readonly reason: string;
  readonly issuer: string;
  readonly subject: string;
  readonly clientId: string;
  readonly missingScopes: readonly string[];
  readonly calls: number;
  /** The last of them, as in its record. */
  readonly last: string;
}

/** Counts what enforcing would deny while a log is read. */
export interface WouldDenyGroups {
  see(record: AuditRecord): void;
  /** The groups, most calls first, and how many calls are in none because there were too many groups. */
  finish(): { readonly groups: readonly WouldDenyGroup[]; readonly ungrouped: number };
}

/** A caller can make up names without end; nobody reads so many groups. */
const maxGroups = 10_000;

export function createWouldDenyGroups(): WouldDenyGroups {
  const groups = new Map<string, WouldDenyGroup>();
  let ungrouped = 0;
  return {
    see(record) {
      if (!wouldDeny(record)) return;
      const group = groupOf(record);
      const { rule, reason, issuer, subject, clientId, missingScopes } = group;
      const key = JSON.stringify([rule, reason, issuer, subject, clientId, missingScopes]);
      const known = groups.get(key);
      if (known === undefined && groups.size >= maxGroups) ungrouped += 1;
      else groups.set(key, { ...group, calls: (known?.calls ?? 0) + 1 });
    },
    finish: () => ({ groups: [...groups.values()].toSorted((a, b) => b.calls - a.calls), ungrouped }),
  };
}

function groupOf(record: AuditRecord): WouldDenyGroup {
  const rule = textAt(record, 'decision', 'rule') ?? '';
  const what = [textAt(record, 'mcp', 'method'), textAt(record, 'target', 'name')].filter((part) => part !== undefined);
  return {
    rule: rule === 'default' ? what.join(' ') : rule,
    reason: textAt(record, 'decision', 'reason') ?? '',
    issuer: textAt(record, 'actor', 'iss') ?? '',
    subject: textAt(record, 'actor', 'sub') ?? '',
    clientId: textAt(record, 'actor', 'clientId') ?? '',
    missingScopes: textsAt(record, 'decision', 'missingScopes'),
    calls: 1,
    last: record.at,
  };
}

export const groupColumns: readonly TableColumn[] = [
  { title: 'CALLS' },
  { title: 'WHO', minWidth: 8 },
  { title: 'CLIENT', minWidth: 6 },
  { title: 'RULE', minWidth: 16 },
  { title: 'REASON' },
  { title: 'MISSING', minWidth: 12 },
  { title: 'LAST (UTC)' },
];

/** The cells of a group, in the order of `groupColumns`. */
export function groupCells(group: WouldDenyGroup): readonly TableCell[] {
  const { calls, subject, clientId, rule, reason, missingScopes, last } = group;
  return [String(calls), subject, clientId, rule, { text: reason, tone: 'warn' }, missingScopes.join(' '), last];
}
