import type { IncomingMessage, ServerResponse } from 'node:http';
import { errorPage, reasons, type AuditEntry, type JsonObject, type Refusal } from '@sallyport/core';
import { logCall } from '../passage/log-call.ts';
import { elapsedMs, type Passage } from '../passage/passage.ts';
import { auditDetail } from '../suite/audit-detail.ts';
import { auditMcp } from '../suite/audit-mcp.ts';
import { challengesFor } from './challenges.ts';
import { discardBody, endUnread } from './drain.ts';
import { refusalAsResult } from './tool-result.ts';

/** Answers a refusal and leaves its one record. Nothing ran, so the record is not awaited. */
export function refuse(passage: Passage, refusal: Refusal, req: IncomingMessage, res: ServerResponse): void {
  if (passage.state === 'refused') return;
  passage.state = 'refused';
  const { runtime } = passage;
  const answered = !res.headersSent && !res.destroyed;
  const answer = answerTo(passage, refusal);
  if (answered) send(answer, refusal, req, res);
  else res.destroy();
  runtime.record(refusalEntry(passage, refusal, answered ? answer.status : undefined));
  runtime.observer.emit({ type: 'request.refused', reason: refusal.reason, httpStatus: answer.status });
  passage.observation?.end({
    kind: 'refused',
    reason: refusal.reason,
    message: refusal.message,
    httpStatus: answer.status,
    ...(!answer.asResult && { rpcErrorCode: refusal.rpcCode }),
    durationMs: elapsedMs(passage),
  });
  // What is down says so itself, once; a line for every refused request would let a flood fill the log.
  if (refusal.reason === 'internal_error') {
    logCall(passage, 'sallyport.guard.request_failed', { code: refusal.code, error: refusal.cause });
  }
}

interface RefusalAnswer {
  readonly status: number;
  readonly body: JsonObject;
  readonly challenges: readonly string[] | undefined;
  /** It is the result of a tool, and no error. */
  readonly asResult: boolean;
}

function answerTo(passage: Passage, refusal: Refusal): RefusalAnswer {
  const result = refusalAsResult(passage, refusal);
  if (result !== undefined) return { status: 200, body: result, challenges: undefined, asResult: true };
  return {
    status: refusal.status,
    body: refusalBody(passage, refusal),
    challenges: challengesFor(passage, refusal),
    asResult: false,
  };
}

function send(answer: RefusalAnswer, refusal: Refusal, req: IncomingMessage, res: ServerResponse): void {
  const unread = discardBody(req, res);
  res.statusCode = answer.status;
  res.setHeader('Content-Type', 'application/json');
  res.setHeader('Cache-Control', 'no-store');
  if (answer.challenges !== undefined) res.setHeader('WWW-Authenticate', answer.challenges);
  if (refusal.retryAfterSeconds !== undefined)
    res.setHeader('Retry-After', String(Math.max(1, Math.ceil(refusal.retryAfterSeconds))));
  const body = Buffer.from(JSON.stringify(answer.body));
  res.setHeader('Content-Length', body.length);
  const shown = req.method === 'HEAD' ? undefined : body;
  if (unread) endUnread(req, res, shown);
  else res.end(shown);
}

/** The JSON-RPC error a caller reads. The same request gets the same bytes whether its target is hidden, unknown or undeclared. */
function refusalBody(passage: Passage, refusal: Refusal): JsonObject {
  const { message } = passage;
  const target = passage.call?.target;
  const unknownResource = refusal.code === 'ERR_ACCESS_UNKNOWN_TARGET' && target?.kind === 'resource';
  return {
    jsonrpc: '2.0',
    ...(message?.kind === 'request' && { id: message.id }),
    error: {
      code: refusal.rpcCode,
      message: refusal.message,
      data: {
        code: refusal.code,
        doc: errorPage(refusal.code),
        ...refusal.data,
        ...(unknownResource && { uri: target.name }),
      },
    },
  };
}

function refusalEntry(passage: Passage, refusal: Refusal, status: number | undefined): AuditEntry {
  const { call, decision, message } = passage;
  const type = reasons[refusal.reason].record;
  return {
    type,
    call: passage.id,
    source: { ip: passage.ip, ...(passage.userAgent !== undefined && { userAgent: passage.userAgent }) },
    ...(passage.principal && { principal: passage.principal }),
    ...(call !== undefined
      ? { mcp: auditMcp(call) }
      : message !== undefined && message.kind !== 'response' && { mcp: { method: message.method } }),
    ...(call?.target && { target: call.target }),
    decision: {
      effect: 'deny',
      reason: refusal.reason,
      ...(status !== undefined && { httpStatus: status }),
      ...(decision !== undefined && {
        rule: decision.rule,
        policy: decision.policy,
        requiredScopes: decision.requiredScopes,
        missingScopes: decision.missingScopes,
      }),
    },
    ...(type === 'mcp.decision' &&
      call?.arguments !== undefined && { arguments: call.arguments, sensitive: decision?.sensitive ?? [] }),
    ...(passage.observation?.trace && { trace: passage.observation.trace }),
    ...auditDetail(passage, refusal.detail),
  };
}
