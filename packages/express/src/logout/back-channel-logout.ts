import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { logEvent, member, reasons, Refusal, type AuditSource } from '@sallyport/core';
import { readLogoutRequest, revocationsOf, type Logout } from '@sallyport/token';
import type { RequestHandler } from 'express';
import { discardBody, endUnread } from '../answer/drain.ts';
import { readBody } from '../body/read-body.ts';
import { addressBlock } from '../network/client-address.ts';
import { fieldLines } from '../network/raw-headers.ts';
import { takeContinue } from '../server/guard-server.ts';
import { requireLimit } from '../stations/limit.ts';
import { auditDetail } from '../suite/audit-detail.ts';
import { applyRevocations } from '../suite/revoke.ts';
import type { Runtime } from '../suite/runtime.ts';

/** A logout token is a JWT in a form: nothing larger is read. */
const maxBodyBytes = 32 * 1024;

/**
 * Receives the logout tokens of the configured issuers (OpenID Connect Back-Channel Logout 1.0 §2.5 to §2.8) and revokes what they
 * name. 200 when that is done and recorded, 400 when the token does not hold or the logout failed; 405 and 429 as everywhere. Passes a
 * request on when no issuer has `backChannelLogout`. Checks no Host and no Origin: only the token counts.
 */
export function createBackChannelLogout(runtime: Runtime): RequestHandler {
  const { issuers, enterpriseToken } = runtime.config;
  const configured = [...issuers, enterpriseToken].some((issuer) => issuer?.backChannelLogout !== undefined);
  return (req, res, next) => {
    if (!configured) {
      next();
      return;
    }
    receive(runtime, req, res).catch((error: unknown) => {
      logEvent(runtime.log, 'sallyport.logout.unanswered', { error });
      res.destroy();
    });
  };
}

async function receive(runtime: Runtime, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const { userAgent, ip } = { userAgent: req.headers['user-agent'], ip: runtime.clientAddress(req) };
  const source: AuditSource = { ip, ...(userAgent !== undefined && { userAgent }) };
  const call = randomUUID();
  try {
    await logOut(runtime, req, res, { source, call });
    answer(req, res, 200, undefined);
  } catch (error) {
    const refusal = error instanceof Refusal ? error : new Refusal('store_down', { cause: error });
    const { reason, cause } = refusal;
    const status = statusOf(refusal);
    if (refusal.status >= 500) logEvent(runtime.log, 'sallyport.logout.failed', { reason, call, error: cause });
    if (refusal.retryAfterSeconds !== undefined)
      res.setHeader('Retry-After', String(Math.ceil(refusal.retryAfterSeconds)));
    if (reason === 'method_not_allowed') res.setHeader('Allow', 'POST');
    answer(req, res, status, { error: errorOf(refusal), error_description: refusal.message });
    runtime.record({
      type: reasons[reason].record,
      call,
      source,
      decision: { effect: 'deny', reason, rule: 'backChannelLogout', httpStatus: status },
      ...auditDetail({ untrustedHeaders: [] }, refusal.detail),
    });
    runtime.observer.emit({ type: 'request.refused', reason, httpStatus: status });
  }
}

async function logOut(
  runtime: Runtime,
  req: IncomingMessage,
  res: ServerResponse,
  facts: { readonly source: AuditSource; readonly call: string },
): Promise<void> {
  const { config, clock } = runtime;
  if (runtime.inFlight.closing) throw new Refusal('closing', { retryAfterSeconds: 1 });
  if (req.method !== 'POST') throw new Refusal('method_not_allowed');
  await requireLimit(runtime.addressLimiter, addressBlock(facts.source.ip));
  const token = await readToken(req, res);
  await takeLogout(runtime, token, async (logout) => {
    const untilMs = clock.now() + config.revocation.lifetimeSeconds * 1000;
    const detail = { by: 'back_channel_logout' };
    try {
      await applyRevocations(runtime, revocationsOf(logout), untilMs, { source: facts.source, detail });
    } catch (cause) {
      // Whatever a list or the log says, the token was good and may be sent again.
      throw cause instanceof Refusal && cause.status >= 500
        ? cause
        : new Refusal('store_down', { retryAfterSeconds: 1, cause });
    }
  });
}

/** The issuer of the enterprise token is one of its own, so whichever of the two knows the issuer decides. */
async function takeLogout(
  { authenticator, enterprise }: Runtime,
  token: string,
  carryOut: (logout: Logout) => Promise<void>,
): Promise<void> {
  try {
    await authenticator.verifyLogout(token, carryOut);
  } catch (error) {
    const unknown = error instanceof Refusal && member(error.detail, 'reason') === 'iss_unknown';
    if (!unknown || enterprise === undefined) throw error;
    await enterprise.authenticator.verifyLogout(token, carryOut);
  }
}

async function readToken(req: IncomingMessage & { body?: unknown }, res: ServerResponse): Promise<string> {
  const [type = '', second] = fieldLines(req, 'content-type');
  if (second !== undefined || type.split(';', 1)[0]?.trim().toLowerCase() !== 'application/x-www-form-urlencoded')
    throw new Refusal('logout_invalid', { detail: { problem: 'the body is not a form' } });
  // Behind `express.urlencoded()` the body was read already.
  if (req.readableEnded) return tokenOf(req.body);
  if (takeContinue(req)) res.writeContinue();
  return readLogoutRequest(await readBody(req, maxBodyBytes));
}

function tokenOf(body: unknown): string {
  const token: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, 'logout_token') : undefined;
  if (typeof token !== 'string')
    throw new Refusal('logout_invalid', { detail: { problem: 'there is no logout_token' } });
  return readLogoutRequest(Buffer.from(new URLSearchParams({ logout_token: token }).toString()));
}

/** §2.8 knows one status for everything that went wrong; only what any resource answers stays itself. */
function statusOf({ reason, status }: Refusal): number {
  return reason === 'method_not_allowed' || reason === 'rate_limited' ? status : 400;
}

/** For debugging only, as §2.8 says. */
function errorOf({ status }: Refusal): string {
  return status >= 500 || status === 429 ? 'temporarily_unavailable' : 'invalid_request';
}

function answer(req: IncomingMessage, res: ServerResponse, status: number, body: object | undefined): void {
  if (res.headersSent || res.destroyed) return;
  const unread = discardBody(req, res);
  const bytes = Buffer.from(body === undefined ? '' : JSON.stringify(body));
  res.statusCode = status;
  res.setHeader('Cache-Control', 'no-store');
  if (body !== undefined) res.setHeader('Content-Type', 'application/json');
  res.setHeader('Content-Length', bytes.length);
  if (unread) endUnread(req, res, bytes);
  else res.end(bytes);
}
