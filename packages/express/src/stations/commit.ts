import type { IncomingMessage } from 'node:http';
import { Refusal, type AuditDecision, type AuditEntry, type Decision } from '@sallyport/core';
import { armEdge } from '../edge/arm-edge.ts';
import { holdStream } from '../edge/open-streams.ts';
import type { Passage } from '../passage/passage.ts';
import { auditDetail } from '../suite/audit-detail.ts';
import { appendObserved } from '../suite/append-observed.ts';
import { auditMcp } from '../suite/audit-mcp.ts';
import { decisionDetail } from '../suite/decision-detail.ts';
import type { Station } from '../passage/station.ts';

/**
 * Station 9: the decision is durable before anything runs. Arms the response edge, which records the outcome.
 * Refuses with 429 a stream too many, and with 503 what can not be recorded.
 */
export const commitStation: Station = {
  name: 'commit',
  async run(passage, req, res) {
    const decision = requirePassing(passage);
    holdStream(passage, req, res);
    passage.state = 'committing';
    try {
      await appendObserved(passage, decisionEntry(passage, decision, req));
    } catch (error) {
      passage.state = 'open';
      throw error;
    }
    passage.state = 'committed';
    armEdge(passage, res);
  },
};

/** Nothing runs without a decision, and nothing that was denied unless the policy is only observed. */
function requirePassing({ decision, runtime }: Passage): Decision {
  const passes = decision?.effect === 'allow' || runtime.config.enforcement === 'observe';
  if (decision === undefined || !passes) throw new Refusal('internal_error');
  return decision;
}

function decisionEntry(passage: Passage, decision: Decision, req: IncomingMessage): AuditEntry {
  const { call, principal } = passage;
  const { level } = decision.audit;
  return {
    type: 'mcp.decision',
    call: passage.id,
    ...(principal && { principal }),
    source: { ip: passage.ip, ...(passage.userAgent !== undefined && { userAgent: passage.userAgent }) },
    mcp: call === undefined ? { method: req.method ?? '', era: 'legacy' } : auditMcp(call),
    ...(call?.target && { target: call.target }),
    decision: recordedDecision(decision),
    ...(call?.arguments !== undefined && { arguments: call.arguments }),
    sensitive: decision.sensitive,
    ...(level !== undefined && { level }),
    ...(passage.observation?.trace && { trace: passage.observation.trace }),
    ...auditDetail(passage, principal ? decisionDetail(decision, principal).detail : undefined),
  };
}

/** A denied call comes here only in observe mode. */
function recordedDecision({ effect, reason, rule, policy, requiredScopes, missingScopes }: Decision): AuditDecision {
  if (effect === 'allow') return { effect, rule, policy, requiredScopes };
  return {
    effect,
    enforced: false,
    ...(reason !== undefined && { reason }),
    rule,
    policy,
    requiredScopes,
    missingScopes,
  };
}
