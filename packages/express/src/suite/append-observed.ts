import type { AuditEntry } from '@sallyport/core';
import { elapsedMs, type Passage } from '../passage/passage.ts';

/** Appends a record of a call in the mode of its target, and tells who observes the call how long that took. */
export function appendObserved(passage: Passage, entry: AuditEntry): Promise<void> {
  const { decision, observation, runtime } = passage;
  const mode = decision?.audit.mode;
  const options = mode === undefined ? {} : { mode };
  if (observation?.stage === undefined) return runtime.audit.append(entry, options);

  const fromMs = elapsedMs(passage);
  const appended = runtime.audit.append(entry, options);
  const waitsFromMs = elapsedMs(passage);
  const record = entry.type === 'mcp.decision' ? 'decision' : 'outcome';
  const tell = (ok: boolean): void => {
    const toMs = elapsedMs(passage);
    observation.stage?.({ name: 'audit', record, fromMs, toMs, waitMs: toMs - waitsFromMs, ok });
  };
  return appended.then(
    () => tell(true),
    (error: unknown) => {
      tell(false);
      throw error;
    },
  );
}
