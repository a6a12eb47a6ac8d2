import { reasons, Refusal, type Decision, type McpCall, type Principal, type Reason } from '@sallyport/core';
import { elapsedMs, type Passage } from '../passage/passage.ts';
import type { Station } from '../passage/station.ts';
import { openCursor } from '../cursor/open-cursor.ts';
import { guardSession } from '../session/guard-session.ts';
import { decisionDetail } from '../suite/decision-detail.ts';
import { passesObserved } from './observe-mode.ts';

/** Station 8: the session is the caller's own, and the policy allows the call. Default deny. */
export const authorizeStation: Station = {
  name: 'authorize',
  run(passage, req) {
    requireIdentity(passage);
    const guarded = guardSession(passage, req);
    if (guarded === undefined) return decide(passage);
    return guarded.then(() => decide(passage));
  },
};

/** An anonymous caller learns nothing about sessions or targets: only a public method goes on. */
function requireIdentity({ call, principal, runtime }: Passage): void {
  if (principal) return;
  const open = call !== undefined && runtime.config.publicMethods.some((method) => method === call.method);
  if (open) return;
  runtime.observer.emit({ type: 'identity.decided', effect: 'deny', reason: 'no_token' });
  throw new Refusal('no_token');
}

function decide(passage: Passage): void {
  openCursor(passage);
  const { call, principal, runtime } = passage;
  // GET and DELETE of a sessionful handler carry no message: a valid token and an owned session are all they need.
  // So does a posted response: the request it answers was authorized when it was made.
  if (call === undefined || call.kind === 'response') {
    passage.decision = sessionDecision(passage);
    return;
  }
  if (!principal) {
    passage.decision = { ...allowed(passage), rule: `publicMethods.${call.method}` };
    return;
  }
  const fromMs = passage.observation?.stage === undefined ? 0 : elapsedMs(passage);
  const decision = runtime.authorizer.decide(principal, call);
  passage.decision = decision;
  const passes = decision.effect === 'allow' || (observes(passage) && passesObserved(decision, call));
  tell(passage, decision, { passes, fromMs });
  if (!passes) throw refusalOf(decision, call, principal);
}

function observes({ runtime }: Passage): boolean {
  return runtime.config.enforcement === 'observe';
}

function tell(
  passage: Passage,
  { effect, reason }: Decision,
  { passes, fromMs }: { readonly passes: boolean; readonly fromMs: number },
): void {
  const { observation, runtime } = passage;
  const said = { effect, ...(reason !== undefined && { reason }), enforced: !passes || !observes(passage) };
  runtime.observer.emit({ type: 'access.decided', ...said });
  observation?.stage?.({ name: 'authorize', fromMs, toMs: elapsedMs(passage), ...said });
}

function refusalOf(decision: Decision, call: McpCall, principal: Principal): Refusal {
  const reason = decision.reason ?? 'internal_error';
  const shownAs = decision.disclosure === 'hide' ? 'unknown_tool' : reason;
  return new Refusal(reason, {
    shownAs,
    scopes: decision.challengeScopes,
    ...decisionDetail(decision, principal),
    ...answerFor(shownAs, call),
  });
}

/** Errors inside HTTP 200 answer requests; a notification has no answer they could be part of (Streamable HTTP, sending messages). */
function answerFor(shownAs: Reason, call: McpCall): { status?: number; rpcCode?: number } {
  if (call.kind === 'notification') return reasons[shownAs].status === 200 ? { status: 400 } : {};
  return shownAs === 'unknown_method' && call.era === 'legacy' ? { status: 200 } : {};
}

function sessionDecision(passage: Passage): Decision {
  return { ...allowed(passage), rule: 'session.owner' };
}

function allowed(passage: Passage): Omit<Decision, 'rule'> {
  return {
    effect: 'allow',
    requiredScopes: [],
    missingScopes: [],
    challengeScopes: [],
    disclosure: 'challenge',
    policy: passage.runtime.authorizer.policy,
    audit: {},
    sensitive: [],
  };
}
