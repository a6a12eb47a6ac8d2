import type { IncomingMessage } from 'node:http';
import type { CallObservation, CallStage, Decision, JsonValue, McpCall, Principal, RpcMessage } from '@sallyport/core';
import type { Credential, EnterpriseCredential } from '@sallyport/token';
import type { CertificateReading } from '../network/client-certificate.ts';
import type { RequestTarget } from '../network/request-target.ts';
import type { Runtime } from '../suite/runtime.ts';

/** The stations of the walk, in the order in which every request passes them. */
export const stationOrder = [
  'record',
  'network',
  'route',
  'headers',
  'authenticate',
  'limit',
  'readCall',
  'match',
  'authorize',
  'commit',
] as const;

export type StationName = (typeof stationOrder)[number];

/**
 * `open`: on its way. `refused`: answered with a refusal. `answered`: a preflight. `committing`: its decision is being written.
 * `committed`: durable, the handler may run. `handled`: the handler has it; a second handler may not.
 */
export type PassageState = 'open' | 'refused' | 'answered' | 'committing' | 'committed' | 'handled';

/** What is known of one request, filled in station by station. Kept beside the request, never on it. */
export interface Passage {
  readonly runtime: Runtime;
  /** UUID of the attempt; `call` in the audit log. */
  readonly id: string;
  readonly startedAtMs: number;
  readonly startedNs: bigint;
  readonly target: RequestTarget;
  readonly ip: string;
  readonly userAgent: string | undefined;
  /** How many stations were passed. */
  passed: number;
  state: PassageState;
  credential: Credential;
  /** The scheme of `Authorization`, for the challenge of a refusal. */
  attempted: 'bearer' | 'dpop' | undefined;
  /** The token in a header of its own, when a trusted proxy sent one. */
  enterprise: EnterpriseCredential;
  /** What the request says of the client certificate. */
  certificate: CertificateReading | undefined;
  /** Headers with a credential that were not believed because of who sent them; noted in the record. */
  untrustedHeaders: readonly string[];
  /** `undefined` until authenticated, `null` for an anonymous call of a public method. */
  principal: Principal | null | undefined;
  /** The bytes as read; absent when something before the guard parsed the body. */
  bodyBytes: Uint8Array | undefined;
  body: JsonValue | undefined;
  message: RpcMessage | undefined;
  call: McpCall | undefined;
  decision: Decision | undefined;
  observation: CallObservation | undefined;
  /** Parts that were over before the call was known. */
  stages: readonly CallStage[];
  /** Why we closed its stream, when we did. */
  closedFor: 'revoked' | undefined;
  /** The 2025-era session the request belongs to, already checked to be the caller's. */
  sessionId: string | undefined;
}

const passages = new WeakMap<IncomingMessage, Passage>();

/** The passage of a request, if it went through `record`. */
export function passageOf(req: IncomingMessage): Passage | undefined {
  return passages.get(req);
}

/** Ties a passage to a request. */
export function setPassage(req: IncomingMessage, passage: Passage): void {
  passages.set(req, passage);
}

/** Milliseconds since the request arrived, on the monotonic clock. */
export function elapsedMs(passage: Passage): number {
  const ns = passage.runtime.clock.monotonicNs() - passage.startedNs;
  return Math.round(Number(ns) / 1e3) / 1e3;
}
