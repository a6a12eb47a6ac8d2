import type { IncomingMessage } from 'node:http';
import type { AuditEntry } from '@sallyport/core';
import { armEdge } from '../edge/arm-edge.ts';
import { holdStream } from '../edge/open-streams.ts';
import type { Passage } from '../passage/passage.ts';
import { auditDetail } from '../suite/audit-detail.ts';
import { auditMcp } from '../suite/audit-mcp.ts';
import type { Station } from '../passage/station.ts';

/**
 * Station 9: the decision is durable before anything runs. Arms the response edge, which records the outcome.
 * Refuses with 429 a stream too many, and with 503 what can not be recorded.
 */
export const commitStation: Station = {
  name: 'commit',
  async run(passage, req, res) {
    holdStream(passage, req, res);
    const mode = passage.decision?.audit.mode;
    passage.state = 'committing';
    try {
      await passage.runtime.audit.append(decisionEntry(passage, req), mode === undefined ? {} : { mode });
    } catch (error) {
      passage.state = 'open';
      throw error;
    }
    passage.state = 'committed';
    armEdge(passage, res);
  },
};

function decisionEntry(passage: Passage, req: IncomingMessage): AuditEntry {
  const { call, decision } = passage;
  return {
    type: 'mcp.decision',
    call: passage.id,
    ...(passage.principal && { principal: passage.principal }),
    source: { ip: passage.ip, ...(passage.userAgent !== undefined && { userAgent: passage.userAgent }) },
    mcp: call === undefined ? { method: req.method ?? '', era: 'legacy' } : auditMcp(call),
    ...(call?.target && { target: call.target }),
    decision: {
      effect: 'allow',
      ...(decision !== undefined && {
        rule: decision.rule,
        policy: decision.policy,
        requiredScopes: decision.requiredScopes,
      }),
    },
    ...(call?.arguments !== undefined && { arguments: call.arguments }),
    ...(decision !== undefined && { sensitive: decision.sensitive }),
    ...(decision?.audit.level !== undefined && { level: decision.audit.level }),
    ...(passage.observation?.trace && { trace: passage.observation.trace }),
    ...auditDetail(passage, undefined),
  };
}
