import type { IncomingMessage, ServerResponse } from 'node:http';
import { errorPage, reasons, type AuditEntry, type JsonObject, type Refusal } from '@sallyport/core';
import { formatChallenge } from '@sallyport/token';
import type { Passage } from '../passage/passage.ts';
import { auditMcp } from '../suite/audit-mcp.ts';
import { discardBody, endUnread } from './drain.ts';

/** Answers a refusal and leaves its one record. Nothing ran, so the record is not awaited. */
export function refuse(passage: Passage, refusal: Refusal, req: IncomingMessage, res: ServerResponse): void {
  if (passage.state === 'refused') return;
  passage.state = 'refused';
  const { runtime } = passage;
  const answered = !res.headersSent && !res.destroyed;
  if (answered) send(passage, refusal, req, res);
  else res.destroy();
  runtime.record(refusalEntry(passage, refusal, answered));
  runtime.observer.emit({ type: 'request.refused', reason: refusal.reason, httpStatus: refusal.status });
  passage.observation?.end({
    kind: 'refused',
    reason: refusal.reason,
    httpStatus: refusal.status,
    rpcErrorCode: refusal.rpcCode,
  });
  // What is down says so itself, once; a line for every refused request would let a flood fill the log.
  if (refusal.reason === 'internal_error') {
    runtime.log.error(
      { code: refusal.code, call: passage.id, err: refusal.cause },
      'a request failed inside the guard',
    );
  }
}

function send(passage: Passage, refusal: Refusal, req: IncomingMessage, res: ServerResponse): void {
  const unread = discardBody(req, res);
  res.statusCode = refusal.status;
  res.setHeader('Content-Type', 'application/json');
  res.setHeader('Cache-Control', 'no-store');
  const challenge = challengeFor(passage, refusal);
  if (challenge !== undefined) res.setHeader('WWW-Authenticate', challenge);
  if (refusal.retryAfterSeconds !== undefined)
    res.setHeader('Retry-After', String(Math.max(1, Math.ceil(refusal.retryAfterSeconds))));
  const body = Buffer.from(JSON.stringify(refusalBody(passage, refusal)));
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

function challengeFor(passage: Passage, refusal: Refusal): string | undefined {
  const { resourceMetadata, signInScope } = passage.runtime.challenge;
  const { challenge, message } = reasons[refusal.shownAs];
  switch (challenge) {
    case 'none':
      return undefined;
    case 'metadata':
      return formatChallenge({ resourceMetadata });
    case 'bare':
      return formatChallenge({ resourceMetadata, scope: signInScope });
    case 'invalid_token':
      return formatChallenge({ error: 'invalid_token', description: message, scope: signInScope, resourceMetadata });
    case 'invalid_request':
      return formatChallenge({ error: 'invalid_request', description: message, resourceMetadata });
    case 'insufficient_scope': {
      const scope = refusal.scopes ?? [];
      if (scope.length === 0) return formatChallenge({ resourceMetadata });
      return formatChallenge({ error: 'insufficient_scope', description: message, scope, resourceMetadata });
    }
  }
}

function refusalEntry(passage: Passage, refusal: Refusal, answered: boolean): AuditEntry {
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
      ...(answered && { httpStatus: refusal.status }),
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
    ...(refusal.detail !== undefined && { detail: refusal.detail }),
  };
}
