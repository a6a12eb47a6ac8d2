import type { JsonObject } from './json.ts';

/** `modern`: revision 2026-07-28 (stateless). `legacy`: 2025-03-26 to 2025-11-25. */
export type Era = 'modern' | 'legacy';

export type TargetKind = 'tool' | 'resource' | 'prompt' | 'task';

/** What a call is about: a tool's or prompt's name, a resource's URI, a task's id. Exact and case-sensitive. */
export interface Target {
  readonly kind: TargetKind;
  readonly name: string;
}

/** One MCP message as policy, audit and handler see it: parsed once, deeply frozen. */
export interface McpCall {
  readonly kind: 'request' | 'notification' | 'response';
  readonly era: Era;
  /** The revision the call is made in; for 2025-era calls without a header `2025-03-26`. */
  readonly protocolVersion: string;
  /** JSON-RPC id of a request or response; `undefined` for notifications. */
  readonly id: string | number | undefined;
  /** Empty for a response. */
  readonly method: string;
  /** The single target of the call, if it has exactly one. */
  readonly target: Target | null;
  /** Everything that must be allowed for the call to pass: the target, or each subscribed resource. */
  readonly targets: readonly Target[];
  /** `params.arguments` of `tools/call` and `prompts/get`. */
  readonly arguments: JsonObject | undefined;
  /** `name/version` the client claims for itself. Never an input to a decision. */
  readonly client: string | undefined;
  /** The frozen JSON-RPC message, as handed to the server. */
  readonly message: JsonObject;
}
