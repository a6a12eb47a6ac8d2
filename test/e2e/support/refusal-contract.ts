import type { AuditRecord } from '@sallyport/core';

/** What a `WWW-Authenticate` field says; `none`: there is none. */
export type ChallengeKind =
  | 'none'
  | 'bare'
  | 'metadata'
  | 'invalid_token'
  | 'invalid_request'
  | 'insufficient_scope'
  | 'insufficient_user_authentication'
  | 'invalid_dpop_proof'
  | 'use_dpop_nonce';

/** What one kind of refusal looks like from outside. Written by hand from the documents, not read from the code under test. */
export interface RefusalContract {
  readonly status: number;
  /** `error.code` */
  readonly rpcCode: number;
  /** `error.data.code` */
  readonly code: string;
  readonly record: AuditRecord['type'];
  readonly challenge: ChallengeKind;
  /** Whether the caller was known, so that the record names an actor. */
  readonly actor: boolean;
  /** Whether the message was read, so that the answer carries its id. */
  readonly id: boolean;
}

type Rest = Partial<Omit<RefusalContract, 'status' | 'code'>>;

function refusal(status: number, code: string, rest: Rest = {}): RefusalContract {
  return {
    status,
    code,
    rpcCode: status >= 500 ? -32_603 : status,
    record: status === 401 ? 'auth.failure' : 'request.refused',
    challenge: status === 401 ? 'invalid_token' : 'none',
    actor: false,
    id: false,
    ...rest,
  };
}

/** What is wrong with a proof is said in the challenge of its own scheme. */
const proof: Rest = { challenge: 'invalid_dpop_proof' };
const nonce: Rest = { challenge: 'use_dpop_nonce' };
/** Of a caller that is known. */
const known: Rest = { actor: true };
const invalidRequest: Rest = { actor: true, rpcCode: -32_600 };
const headers: Rest = { actor: true, id: true, rpcCode: -32_020 };
const decision: Rest = { actor: true, id: true, record: 'mcp.decision' };
const unknownTarget = refusal(200, 'ERR_ACCESS_UNKNOWN_TARGET', { ...decision, rpcCode: -32_602 });

/** Every reason these tests refuse for. */
export const refusals = {
  host_refused: refusal(403, 'ERR_NETWORK_HOST_REFUSED'),
  origin_refused: refusal(403, 'ERR_NETWORK_ORIGIN_REFUSED'),
  path_not_found: refusal(404, 'ERR_REQUEST_PATH_NOT_FOUND'),
  method_not_allowed: refusal(405, 'ERR_REQUEST_METHOD_NOT_ALLOWED'),
  malformed_request: refusal(400, 'ERR_REQUEST_MALFORMED_REQUEST', { challenge: 'invalid_request' }),
  rate_limited: refusal(429, 'ERR_LIMIT_RATE_LIMITED'),
  no_token: refusal(401, 'ERR_TOKEN_NO_TOKEN', { challenge: 'bare' }),
  bad_scheme: refusal(401, 'ERR_TOKEN_BAD_SCHEME', { challenge: 'bare' }),
  token_too_large: refusal(401, 'ERR_TOKEN_TOKEN_TOO_LARGE'),
  malformed_token: refusal(401, 'ERR_TOKEN_MALFORMED_TOKEN'),
  alg_not_allowed: refusal(401, 'ERR_TOKEN_ALG_NOT_ALLOWED'),
  key_not_found: refusal(401, 'ERR_TOKEN_KEY_NOT_FOUND'),
  bad_signature: refusal(401, 'ERR_TOKEN_BAD_SIGNATURE'),
  typ_mismatch: refusal(401, 'ERR_TOKEN_TYP_MISMATCH'),
  token_type_confusion: refusal(401, 'ERR_TOKEN_TOKEN_TYPE_CONFUSION'),
  iss_unknown: refusal(401, 'ERR_TOKEN_ISS_UNKNOWN'),
  aud_mismatch: refusal(401, 'ERR_TOKEN_AUD_MISMATCH'),
  exp_missing: refusal(401, 'ERR_TOKEN_EXP_MISSING'),
  expired: refusal(401, 'ERR_TOKEN_EXPIRED'),
  not_yet_valid: refusal(401, 'ERR_TOKEN_NOT_YET_VALID'),
  binding_mismatch: refusal(401, 'ERR_TOKEN_BINDING_MISMATCH'),
  untrusted_header: refusal(401, 'ERR_TOKEN_BINDING_MISMATCH'),
  dpop_required: refusal(401, 'ERR_TOKEN_DPOP_REQUIRED'),
  dpop_malformed: refusal(401, 'ERR_TOKEN_DPOP_MALFORMED', proof),
  dpop_alg: refusal(401, 'ERR_TOKEN_DPOP_ALG', proof),
  dpop_bad_signature: refusal(401, 'ERR_TOKEN_DPOP_BAD_SIGNATURE', proof),
  dpop_htm: refusal(401, 'ERR_TOKEN_DPOP_HTM', proof),
  dpop_htu: refusal(401, 'ERR_TOKEN_DPOP_HTU', proof),
  dpop_iat: refusal(401, 'ERR_TOKEN_DPOP_IAT', proof),
  dpop_ath: refusal(401, 'ERR_TOKEN_DPOP_ATH', proof),
  dpop_nonce_required: refusal(401, 'ERR_TOKEN_DPOP_NONCE_REQUIRED', nonce),
  dpop_nonce: refusal(401, 'ERR_TOKEN_DPOP_NONCE', nonce),
  replay: refusal(401, 'ERR_TOKEN_REPLAY', proof),
  revoked: refusal(401, 'ERR_TOKEN_REVOKED'),
  enterprise_invalid: refusal(401, 'ERR_TOKEN_ENTERPRISE_INVALID'),
  conflict_identity: refusal(400, 'ERR_TOKEN_CONFLICT_IDENTITY', { ...known, challenge: 'invalid_request' }),
  store_down: refusal(503, 'ERR_SERVER_STORE_DOWN'),
  client_not_allowed: refusal(403, 'ERR_TOKEN_CLIENT_NOT_ALLOWED', { challenge: 'metadata' }),
  inactive: refusal(401, 'ERR_TOKEN_INACTIVE'),
  idp_unavailable: refusal(503, 'ERR_TOKEN_IDP_UNAVAILABLE'),
  idp_misconfigured: refusal(503, 'ERR_TOKEN_IDP_MISCONFIGURED'),
  bad_content_type: refusal(415, 'ERR_REQUEST_BAD_CONTENT_TYPE', known),
  bad_encoding: refusal(415, 'ERR_REQUEST_BAD_ENCODING', known),
  too_large: refusal(413, 'ERR_REQUEST_TOO_LARGE', known),
  malformed_rpc: refusal(400, 'ERR_REQUEST_MALFORMED_RPC', invalidRequest),
  dup_keys: refusal(400, 'ERR_REQUEST_DUP_KEYS', invalidRequest),
  batch_refused: refusal(400, 'ERR_REQUEST_BATCH_REFUSED', invalidRequest),
  header_mismatch: refusal(400, 'ERR_REQUEST_HEADER_MISMATCH', headers),
  cursor_invalid: refusal(400, 'ERR_REQUEST_CURSOR_INVALID', { ...known, id: true, rpcCode: -32_602 }),
  unsupported_version: refusal(400, 'ERR_REQUEST_UNSUPPORTED_VERSION', { ...headers, rpcCode: -32_022 }),
  response_refused: refusal(400, 'ERR_SESSION_RESPONSE_REFUSED', invalidRequest),
  insufficient_scope: refusal(403, 'ERR_ACCESS_INSUFFICIENT_SCOPE', { ...decision, challenge: 'insufficient_scope' }),
  step_up_required: refusal(401, 'ERR_ACCESS_STEP_UP_REQUIRED', {
    ...decision,
    challenge: 'insufficient_user_authentication',
  }),
  condition: refusal(403, 'ERR_ACCESS_CONDITION', { ...decision, challenge: 'insufficient_scope' }),
  unknown_tool: unknownTarget,
  tool_not_in_card: unknownTarget,
  unknown_resource: unknownTarget,
  unknown_prompt: unknownTarget,
  notification_refused: refusal(400, 'ERR_ACCESS_NOTIFICATION_REFUSED', { ...decision, id: false, rpcCode: -32_600 }),
  session_unknown: refusal(404, 'ERR_SESSION_NOT_FOUND', { actor: true, id: true }),
  cross_principal: refusal(404, 'ERR_SESSION_NOT_FOUND', { actor: true, id: true }),
  closing: refusal(503, 'ERR_SERVER_CLOSING'),
  unknown_method: refusal(404, 'ERR_ACCESS_UNKNOWN_METHOD', { ...decision, rpcCode: -32_601 }),
} as const satisfies Readonly<Record<string, RefusalContract>>;

export type RefusalReason = keyof typeof refusals;
