import type { AuditOutcome } from '@sallyport/core';
import { elapsedMs, type Passage } from '../passage/passage.ts';
import { auditMcp } from '../suite/audit-mcp.ts';
import type { AnswerFilter } from './answer-filter.ts';
import type { MessageOutcome } from './final-message.ts';

/** Records how a committed call ended, once. */
export interface OutcomeRecorder {
  readonly recorded: boolean;
  /**
   * The first call appends the outcome and resolves when it is durable; later calls do nothing.
   * Rejects when the outcome can not be made durable in a mode that requires it.
   */
  record(end: MessageOutcome, facts: { httpStatus?: number; bytes: number; messages?: number }): Promise<void>;
}

export function createOutcomeRecorder(passage: Passage, filter: AnswerFilter): OutcomeRecorder {
  const { runtime, call, decision } = passage;
  let recorded = false;
  return {
    get recorded() {
      return recorded;
    },
    record(end, facts) {
      if (recorded) return Promise.resolve();
      recorded = true;
      const outcome: AuditOutcome = {
        status: end.status,
        ...(facts.httpStatus !== undefined && { httpStatus: facts.httpStatus }),
        durationMs: elapsedMs(passage),
        bytes: facts.bytes,
        ...(facts.messages !== undefined && { messages: facts.messages }),
      };
      passage.observation?.end({
        kind: 'outcome',
        outcome,
        ...(end.rpcErrorCode !== undefined && { rpcErrorCode: end.rpcErrorCode }),
      });
      const mode = decision?.audit.mode;
      const wouldHide = filter.wouldHide();
      return runtime.audit.append(
        {
          type: 'mcp.outcome',
          call: passage.id,
          ...(passage.principal && { principal: passage.principal }),
          ...(call !== undefined && { mcp: auditMcp(call) }),
          ...(call?.target && { target: call.target }),
          outcome,
          ...(wouldHide !== undefined && { detail: { wouldHide } }),
          ...(passage.observation?.trace && { trace: passage.observation.trace }),
        },
        mode === undefined ? {} : { mode },
      );
    },
  };
}
