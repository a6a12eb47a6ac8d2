import { concealedTexts, member, reasons, type AuditEntry, type AuditOutcome, type JsonValue } from '@sallyport/core';
import { elapsedMs, type Passage } from '../passage/passage.ts';
import { appendObserved } from '../suite/append-observed.ts';
import { auditMcp } from '../suite/audit-mcp.ts';
import type { AnswerFilter } from './answer-filter.ts';
import type { MessageOutcome } from './final-message.ts';

/** The JSON-RPC code of an answer that stands in for a result that could not be recorded. */
const withheldCode = reasons.audit_unavailable.rpcCode ?? reasons.audit_unavailable.status;

/** Records how a committed call ended, once. */
export interface OutcomeRecorder {
  readonly recorded: boolean;
  /**
   * The first call appends the outcome and resolves when it is durable; later calls do nothing. `message` is the answer that is
   * sent: level `full` records what is in it.
   * Rejects when the outcome can not be made durable in a mode that requires it.
   */
  record(end: MessageOutcome, facts: OutcomeFacts, message?: JsonValue): Promise<void>;
}

export interface OutcomeFacts {
  readonly httpStatus?: number;
  readonly bytes: number;
  readonly messages?: number;
}

export function createOutcomeRecorder(passage: Passage, filter: AnswerFilter): OutcomeRecorder {
  const { call } = passage;
  let recorded = false;
  return {
    get recorded() {
      return recorded;
    },
    record(end, facts, message) {
      if (recorded) return Promise.resolve();
      recorded = true;
      const outcome: AuditOutcome = {
        status: end.status,
        ...(facts.httpStatus !== undefined && { httpStatus: facts.httpStatus }),
        durationMs: elapsedMs(passage),
        bytes: facts.bytes,
        ...(facts.messages !== undefined && { messages: facts.messages }),
      };
      const wouldHide = filter.wouldHide();
      const appended = appendObserved(passage, {
        type: 'mcp.outcome',
        call: passage.id,
        ...(passage.principal && { principal: passage.principal }),
        ...(call !== undefined && { mcp: auditMcp(call) }),
        ...(call?.target && { target: call.target }),
        outcome,
        ...(wouldHide !== undefined && { detail: { wouldHide } }),
        ...resultOf(passage, message),
        ...(passage.observation?.trace && { trace: passage.observation.trace }),
      });
      return passage.observation === undefined ? appended : observeEnd(passage, appended, { end, outcome, message });
    },
  };
}

/** Tells who observes the call how it ended, as soon as the outcome is durable and before the answer is sent. */
async function observeEnd(
  passage: Passage,
  appended: Promise<void>,
  known: { readonly end: MessageOutcome; readonly outcome: AuditOutcome; readonly message: JsonValue | undefined },
): Promise<void> {
  const { end, outcome, message } = known;
  const result = member(message, 'result');
  try {
    await appended;
    passage.observation?.end({
      kind: 'outcome',
      outcome,
      durationMs: elapsedMs(passage),
      ...(end.rpcErrorCode !== undefined && { rpcErrorCode: end.rpcErrorCode }),
      content: { sensitive: passage.decision?.sensitive ?? [], ...(result !== undefined && { result }) },
    });
  } catch (error) {
    // Whoever still waits for an answer gets this one, and not the result.
    const withheld = outcome.httpStatus === undefined ? {} : { rpcErrorCode: withheldCode };
    const status = outcome.httpStatus === undefined ? outcome.status : 'error';
    const durationMs = elapsedMs(passage);
    passage.observation?.end({ kind: 'outcome', outcome: { ...outcome, status }, durationMs, ...withheld });
    throw error;
  }
}

/** What level `full` records of an answer. A result that repeats what is hidden in the arguments is not to show it. */
function resultOf(passage: Passage, message: JsonValue | undefined): Partial<AuditEntry> {
  const { call, decision, runtime } = passage;
  const level = decision?.audit.level ?? runtime.config.audit.level;
  const result = member(message, 'result') ?? member(message, 'error');
  if (level !== 'full' || result === undefined) return {};
  const sensitive = decision?.sensitive ?? [];
  const concealed = call?.arguments === undefined ? [] : concealedTexts(call.arguments, sensitive);
  return { level, result, sensitive, concealed };
}
