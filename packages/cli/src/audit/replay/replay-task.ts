import { jsonText, type ScanTask } from '@sallyport/audit';
import { createReplayer, type Card, type Replayer } from '@sallyport/card';
import type { AuditRecord } from '@sallyport/core';
import { filterHints } from '../filter-hints.ts';
import { createRecordTest, isType, type RecordFilter } from '../record-filter.ts';
import { countReplayed, createReplayTally, type ReplayTally } from './replay-tally.ts';

/** What is replayed: it goes to every thread that reads the log. */
export interface ReplayWork {
  readonly card: Card;
  readonly filter: RecordFilter;
}

/** Every record of a decision or a refusal has a member of this name. */
const decisionTexts: readonly string[] = [jsonText('decision') ?? ''];

/** A card is compiled once in a thread. */
const replayers = new WeakMap<ReplayWork, Replayer>();

/** Replays the decisions of one piece of a log. */
export function createScanTask(work: ReplayWork): ScanTask<ReplayTally> {
  const replayer = replayers.get(work) ?? createReplayer(work.card);
  replayers.set(work, replayer);
  const tally = createReplayTally();
  const { filter } = work;
  const fits = createRecordTest(filter);
  const hints = filterHints(filter);
  return {
    byOwnFacts: true,
    hints: { ...hints, texts: [...decisionTexts, ...(hints.texts ?? [])] },
    fits: (record) => isDecision(record) && fits(record) && isType(record, filter),
    take(record) {
      if (record.type === 'mcp.decision') countReplayed(tally, record, replayer.replay(record), replayer.policy);
      else if (record.type === 'auth.failure') tally.apart.authFailures += 1;
      else if (record.type === 'request.refused') tally.apart.refusals += 1;
      return undefined;
    },
    finish: () => tally,
  };
}

function isDecision({ type }: AuditRecord): boolean {
  return type === 'mcp.decision' || type === 'auth.failure' || type === 'request.refused';
}
