import type { IncomingMessage } from 'node:http';
import { classifyInboundRequest, type InboundClassificationOutcome } from '@modelcontextprotocol/server';
import { matchCall, readMcpHeaders, Refusal, type Era, type RpcMessage } from '@sallyport/core';
import type { Passage } from '../passage/passage.ts';
import type { Station } from '../passage/station.ts';
import { observeCall } from './observe-call.ts';

/**
 * Station 7: the era by the SDK's own classifier, then our own check of version and headers against the body.
 * The classifier accepts absent and wrong headers, so it never decides alone that a call may pass.
 */
export const matchStation: Station = {
  name: 'match',
  run(passage, req) {
    const { message } = passage;
    if (message === undefined) return;
    const outcome = classify(passage, req);
    const era: Era = outcome.kind === 'legacy' ? 'legacy' : 'modern';
    try {
      matchMessage(passage, message, req, { outcome, era });
    } finally {
      // Also what is refused here is seen: it has a method.
      observeCall(passage, req, era);
    }
  },
};

function matchMessage(
  passage: Passage,
  message: RpcMessage,
  req: IncomingMessage,
  { outcome, era }: { readonly outcome: InboundClassificationOutcome; readonly era: Era },
): void {
  const { legacy } = passage.runtime.config;
  passage.call = matchCall(message, readMcpHeaders(req.rawHeaders), era);
  if (outcome.kind === 'reject') {
    throw new Refusal('malformed_rpc', { status: outcome.httpStatus, rpcCode: outcome.code, detail: outcome.cell });
  }
  if (era === 'legacy' && legacy === 'reject') {
    throw new Refusal('unsupported_version', { data: { supported: [...modernVersions] } });
  }
  if (passage.call.kind === 'response' && legacy !== 'handler') throw new Refusal('response_refused');
}

const modernVersions = ['2026-07-28'];

function classify(passage: Passage, req: IncomingMessage): InboundClassificationOutcome {
  const version = single(req.headers['mcp-protocol-version']);
  const method = single(req.headers['mcp-method']);
  const name = single(req.headers['mcp-name']);
  return classifyInboundRequest({
    httpMethod: 'POST',
    ...(version !== undefined && { protocolVersionHeader: version }),
    ...(method !== undefined && { mcpMethodHeader: method }),
    ...(name !== undefined && { mcpNameHeader: name }),
    body: passage.body,
  });
}

function single(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(', ') : value;
}
