/** Where in the walk a refusal comes from; the middle part of its error code. */
export type ReasonArea = 'NETWORK' | 'REQUEST' | 'TOKEN' | 'ACCESS' | 'LIMIT' | 'SESSION' | 'AUDIT' | 'SERVER';

/** The record a refusal leaves: 401 is `auth.failure`, a decision of the authorizer `mcp.decision`, the rest `request.refused`. */
export type RefusalRecordType = 'auth.failure' | 'mcp.decision' | 'request.refused';

/**
 * The challenge a refusal carries in `WWW-Authenticate` (RFC 6750 §3, RFC 9449 §7.1). `bare`: no `error`, the scopes of a first
 * sign-in; `metadata`: only `resource_metadata`; `insufficient_user_authentication`: RFC 9470 §3; the last two: of the `DPoP` scheme
 * only.
 */
export type ChallengeKind =
  | 'none'
  | 'metadata'
  | 'bare'
  | 'invalid_token'
  | 'invalid_request'
  | 'insufficient_scope'
  | 'insufficient_user_authentication'
  | 'invalid_dpop_proof'
  | 'use_dpop_nonce';

/** The stable error codes of refusals: `ERR_<AREA>_<REASON>`. Never reused. */
export type RefusalCode = `ERR_${ReasonArea}_${string}`;

/** The closed union of refusal reasons. */
export type Reason =
  | 'host_refused'
  | 'origin_refused'
  | 'path_not_found'
  | 'method_not_allowed'
  | 'malformed_request'
  | 'rate_limited'
  | 'no_token'
  | 'bad_scheme'
  | 'token_too_large'
  | 'malformed_token'
  | 'alg_not_allowed'
  | 'key_not_found'
  | 'weak_key'
  | 'bad_signature'
  | 'typ_mismatch'
  | 'token_type_confusion'
  | 'iss_unknown'
  | 'aud_mismatch'
  | 'exp_missing'
  | 'expired'
  | 'not_yet_valid'
  | 'binding_mismatch'
  | 'untrusted_header'
  | 'dpop_required'
  | 'dpop_malformed'
  | 'dpop_alg'
  | 'dpop_bad_signature'
  | 'dpop_htm'
  | 'dpop_htu'
  | 'dpop_iat'
  | 'dpop_ath'
  | 'dpop_nonce_required'
  | 'dpop_nonce'
  | 'replay'
  | 'replay_store_down'
  | 'revoked'
  | 'enterprise_invalid'
  | 'conflict_identity'
  | 'logout_invalid'
  | 'client_not_allowed'
  | 'inactive'
  | 'introspection_incomplete'
  | 'idp_unavailable'
  | 'idp_misconfigured'
  | 'introspection_invalid'
  | 'bad_content_type'
  | 'bad_encoding'
  | 'too_large'
  | 'body_incomplete'
  | 'malformed_rpc'
  | 'dup_keys'
  | 'batch_refused'
  | 'header_mismatch'
  | 'unsupported_version'
  | 'cursor_invalid'
  | 'insufficient_scope'
  | 'step_up_required'
  | 'condition'
  | 'unknown_tool'
  | 'tool_not_in_card'
  | 'unknown_resource'
  | 'resource_not_in_card'
  | 'unknown_prompt'
  | 'prompt_not_in_card'
  | 'unknown_task'
  | 'unknown_method'
  | 'notification_refused'
  | 'response_refused'
  | 'session_unknown'
  | 'cross_principal'
  | 'audit_unavailable'
  | 'store_down'
  | 'closing'
  | 'guard_missing'
  | 'internal_error';

/** One row of the table of reasons. */
export interface ReasonInfo {
  readonly area: ReasonArea;
  readonly status: number;
  /** JSON-RPC `error.code` where it is not the HTTP status. */
  readonly rpcCode?: number;
  readonly record: RefusalRecordType;
  readonly challenge: ChallengeKind;
  /** What a caller reads: what to do, nothing about the inside. ASCII, no quotes: it is also an `error_description`. */
  readonly message: string;
  readonly code: RefusalCode;
}

const refused = 'request.refused';
const failure = 'auth.failure';
const decision = 'mcp.decision';

const unknownTarget: ReasonInfo = {
  area: 'ACCESS',
  status: 200,
  rpcCode: -32_602,
  record: decision,
  challenge: 'none',
  message: 'Unknown target. List what is available to you and use an exact name.',
  code: 'ERR_ACCESS_UNKNOWN_TARGET',
};

const noToken: ReasonInfo = {
  area: 'TOKEN',
  status: 401,
  record: failure,
  challenge: 'bare',
  message: 'An access token is required. Sign in as described by resource_metadata.',
  code: 'ERR_TOKEN_NO_TOKEN',
};

function invalidToken(code: RefusalCode, message: string): ReasonInfo {
  return { area: 'TOKEN', status: 401, record: failure, challenge: 'invalid_token', message, code };
}

function invalidProof(code: RefusalCode, message: string): ReasonInfo {
  return { area: 'TOKEN', status: 401, record: failure, challenge: 'invalid_dpop_proof', message, code };
}

function useNonce(code: RefusalCode, message: string): ReasonInfo {
  return { area: 'TOKEN', status: 401, record: failure, challenge: 'use_dpop_nonce', message, code };
}

/** Nobody can say whether the token is good, so it is not called bad: a 401 makes clients throw it away. */
function notCheckable(code: RefusalCode): ReasonInfo {
  return {
    area: 'TOKEN',
    status: 503,
    rpcCode: -32_603,
    record: refused,
    challenge: 'none',
    message:
      'The access token can not be checked right now. Keep it and try again after the time given in Retry-After.',
    code,
  };
}

const anotherToken = 'The access token is not acceptable here. Request a new one for this resource.';
const anotherKind = 'The token is not an access token for this resource. Request an access token.';

/**
 * Every reason for which a request is refused: the closed union, and the one table that maps each to its status,
 * error code, record type and public message. Reasons are for the audit log and the operator; a caller sees the code.
 */
export const reasons: Readonly<Record<Reason, ReasonInfo>> = {
  host_refused: {
    area: 'NETWORK',
    status: 403,
    record: refused,
    challenge: 'none',
    message: 'This host name is not served here.',
    code: 'ERR_NETWORK_HOST_REFUSED',
  },
  origin_refused: {
    area: 'NETWORK',
    status: 403,
    record: refused,
    challenge: 'none',
    message: 'Requests from this web origin are not allowed.',
    code: 'ERR_NETWORK_ORIGIN_REFUSED',
  },
  path_not_found: {
    area: 'REQUEST',
    status: 404,
    record: refused,
    challenge: 'none',
    message: 'Nothing is served at this path. Use the exact endpoint of the resource.',
    code: 'ERR_REQUEST_PATH_NOT_FOUND',
  },
  method_not_allowed: {
    area: 'REQUEST',
    status: 405,
    record: refused,
    challenge: 'none',
    message: 'This HTTP method is not supported here. See the Allow header.',
    code: 'ERR_REQUEST_METHOD_NOT_ALLOWED',
  },
  malformed_request: {
    area: 'REQUEST',
    status: 400,
    record: refused,
    challenge: 'invalid_request',
    message: 'Send exactly one credential: one Authorization header with one scheme and one token.',
    code: 'ERR_REQUEST_MALFORMED_REQUEST',
  },
  rate_limited: {
    area: 'LIMIT',
    status: 429,
    record: refused,
    challenge: 'none',
    message: 'Too many requests. Wait for the time given in Retry-After.',
    code: 'ERR_LIMIT_RATE_LIMITED',
  },
  no_token: noToken,
  bad_scheme: {
    area: 'TOKEN',
    status: 401,
    record: failure,
    challenge: 'bare',
    message: 'This authentication scheme is not supported. Send an access token by a scheme of the challenge.',
    code: 'ERR_TOKEN_BAD_SCHEME',
  },
  token_too_large: invalidToken('ERR_TOKEN_TOKEN_TOO_LARGE', 'The access token is too large.'),
  malformed_token: invalidToken('ERR_TOKEN_MALFORMED_TOKEN', 'The access token is malformed.'),
  alg_not_allowed: invalidToken('ERR_TOKEN_ALG_NOT_ALLOWED', anotherToken),
  key_not_found: invalidToken('ERR_TOKEN_KEY_NOT_FOUND', anotherToken),
  weak_key: invalidToken('ERR_TOKEN_WEAK_KEY', anotherToken),
  bad_signature: invalidToken('ERR_TOKEN_BAD_SIGNATURE', anotherToken),
  typ_mismatch: invalidToken('ERR_TOKEN_TYP_MISMATCH', anotherKind),
  token_type_confusion: invalidToken('ERR_TOKEN_TOKEN_TYPE_CONFUSION', anotherKind),
  iss_unknown: invalidToken('ERR_TOKEN_ISS_UNKNOWN', anotherToken),
  aud_mismatch: invalidToken(
    'ERR_TOKEN_AUD_MISMATCH',
    'The access token is for another resource. Request one for this resource.',
  ),
  exp_missing: invalidToken('ERR_TOKEN_EXP_MISSING', anotherToken),
  expired: invalidToken('ERR_TOKEN_EXPIRED', 'The access token expired. Refresh it.'),
  not_yet_valid: invalidToken('ERR_TOKEN_NOT_YET_VALID', 'The access token is not valid yet.'),
  binding_mismatch: invalidToken(
    'ERR_TOKEN_BINDING_MISMATCH',
    'The access token and what proves its possession do not fit. Send a bound token with its proof, an unbound one without.',
  ),
  // A credential in a header that was not believed is no credential.
  untrusted_header: noToken,
  dpop_required: invalidToken(
    'ERR_TOKEN_DPOP_REQUIRED',
    'Only access tokens that are bound with DPoP are accepted here. Request one and send it with a proof.',
  ),
  dpop_malformed: invalidProof(
    'ERR_TOKEN_DPOP_MALFORMED',
    'Send exactly one DPoP proof, a JWT of type dpop+jwt with jwk, jti, htm, htu, iat and ath.',
  ),
  dpop_alg: invalidProof(
    'ERR_TOKEN_DPOP_ALG',
    'The algorithm or the key of the DPoP proof is not accepted. The challenge lists the algorithms.',
  ),
  dpop_bad_signature: invalidProof(
    'ERR_TOKEN_DPOP_BAD_SIGNATURE',
    'The signature of the DPoP proof does not match the key in it.',
  ),
  dpop_htm: invalidProof('ERR_TOKEN_DPOP_HTM', 'The DPoP proof is for another HTTP method.'),
  dpop_htu: invalidProof('ERR_TOKEN_DPOP_HTU', 'The DPoP proof is for another URL. Use the URL of the resource.'),
  dpop_iat: invalidProof(
    'ERR_TOKEN_DPOP_IAT',
    'The DPoP proof is too old or from the future. Make one for every request.',
  ),
  dpop_ath: invalidProof('ERR_TOKEN_DPOP_ATH', 'The DPoP proof is for another access token.'),
  dpop_nonce_required: useNonce(
    'ERR_TOKEN_DPOP_NONCE_REQUIRED',
    'A nonce is required in the DPoP proof. Use the one in the DPoP-Nonce header.',
  ),
  dpop_nonce: useNonce(
    'ERR_TOKEN_DPOP_NONCE',
    'The nonce in the DPoP proof is not valid any more. Use the one in the DPoP-Nonce header.',
  ),
  replay: invalidProof('ERR_TOKEN_REPLAY', 'The DPoP proof was used before. Make one for every request.'),
  replay_store_down: {
    area: 'TOKEN',
    status: 503,
    rpcCode: -32_603,
    record: refused,
    challenge: 'none',
    message:
      'The DPoP proof can not be checked right now. Try again with a new one after the time given in Retry-After.',
    code: 'ERR_TOKEN_REPLAY_STORE_DOWN',
  },
  revoked: invalidToken('ERR_TOKEN_REVOKED', 'The access token was revoked. Sign in again.'),
  enterprise_invalid: invalidToken(
    'ERR_TOKEN_ENTERPRISE_INVALID',
    'The credential that a proxy added to the request is not acceptable here. It is not replaced by another one.',
  ),
  conflict_identity: {
    area: 'TOKEN',
    status: 400,
    record: refused,
    challenge: 'invalid_request',
    message: 'The request has two credentials of different identities. Send one.',
    code: 'ERR_TOKEN_CONFLICT_IDENTITY',
  },
  logout_invalid: {
    area: 'TOKEN',
    status: 400,
    record: refused,
    challenge: 'none',
    message: 'The logout request is not acceptable here. Send one valid logout_token.',
    code: 'ERR_TOKEN_LOGOUT_INVALID',
  },
  client_not_allowed: {
    area: 'TOKEN',
    status: 403,
    record: refused,
    challenge: 'metadata',
    message: 'This client is not allowed to use this resource.',
    code: 'ERR_TOKEN_CLIENT_NOT_ALLOWED',
  },
  inactive: invalidToken('ERR_TOKEN_INACTIVE', 'The access token is not valid any more. Request a new one.'),
  introspection_incomplete: invalidToken('ERR_TOKEN_INTROSPECTION_INCOMPLETE', anotherToken),
  idp_unavailable: notCheckable('ERR_TOKEN_IDP_UNAVAILABLE'),
  idp_misconfigured: notCheckable('ERR_TOKEN_IDP_MISCONFIGURED'),
  introspection_invalid: notCheckable('ERR_TOKEN_INTROSPECTION_INVALID'),
  bad_content_type: {
    area: 'REQUEST',
    status: 415,
    record: refused,
    challenge: 'none',
    message: 'Send the body as application/json in UTF-8.',
    code: 'ERR_REQUEST_BAD_CONTENT_TYPE',
  },
  bad_encoding: {
    area: 'REQUEST',
    status: 415,
    record: refused,
    challenge: 'none',
    message: 'Send the body without Content-Encoding.',
    code: 'ERR_REQUEST_BAD_ENCODING',
  },
  too_large: {
    area: 'REQUEST',
    status: 413,
    record: refused,
    challenge: 'none',
    message: 'The request is too large.',
    code: 'ERR_REQUEST_TOO_LARGE',
  },
  body_incomplete: {
    area: 'REQUEST',
    status: 400,
    record: refused,
    challenge: 'none',
    message: 'The body ended before it was complete.',
    code: 'ERR_REQUEST_BODY_INCOMPLETE',
  },
  malformed_rpc: {
    area: 'REQUEST',
    status: 400,
    rpcCode: -32_600,
    record: refused,
    challenge: 'none',
    message: 'The body is not one valid JSON-RPC 2.0 message.',
    code: 'ERR_REQUEST_MALFORMED_RPC',
  },
  dup_keys: {
    area: 'REQUEST',
    status: 400,
    rpcCode: -32_600,
    record: refused,
    challenge: 'none',
    message: 'The body contains an object with duplicate member names.',
    code: 'ERR_REQUEST_DUP_KEYS',
  },
  batch_refused: {
    area: 'REQUEST',
    status: 400,
    rpcCode: -32_600,
    record: refused,
    challenge: 'none',
    message: 'JSON-RPC batches are not supported. Send one message per request.',
    code: 'ERR_REQUEST_BATCH_REFUSED',
  },
  header_mismatch: {
    area: 'REQUEST',
    status: 400,
    rpcCode: -32_020,
    record: refused,
    challenge: 'none',
    message: 'The MCP-Protocol-Version, Mcp-Method and Mcp-Name headers must be present once and equal the body.',
    code: 'ERR_REQUEST_HEADER_MISMATCH',
  },
  unsupported_version: {
    area: 'REQUEST',
    status: 400,
    rpcCode: -32_022,
    record: refused,
    challenge: 'none',
    message: 'This protocol version is not supported. See data.supported.',
    code: 'ERR_REQUEST_UNSUPPORTED_VERSION',
  },
  cursor_invalid: {
    area: 'REQUEST',
    status: 400,
    rpcCode: -32_602,
    record: refused,
    challenge: 'none',
    message: 'The cursor is not one this caller was given for this list. Begin the list again without a cursor.',
    code: 'ERR_REQUEST_CURSOR_INVALID',
  },
  insufficient_scope: {
    area: 'ACCESS',
    status: 403,
    record: decision,
    challenge: 'insufficient_scope',
    message: 'The access token lacks a scope this operation needs. Request the scopes of the challenge.',
    code: 'ERR_ACCESS_INSUFFICIENT_SCOPE',
  },
  step_up_required: {
    area: 'ACCESS',
    status: 401,
    record: decision,
    challenge: 'insufficient_user_authentication',
    message: 'This operation needs a stronger or a more recent sign-in. Sign in again as the challenge says.',
    code: 'ERR_ACCESS_STEP_UP_REQUIRED',
  },
  condition: {
    area: 'ACCESS',
    status: 403,
    record: decision,
    challenge: 'insufficient_scope',
    message: 'The conditions for this operation are not met.',
    code: 'ERR_ACCESS_CONDITION',
  },
  unknown_tool: unknownTarget,
  tool_not_in_card: unknownTarget,
  unknown_resource: unknownTarget,
  resource_not_in_card: unknownTarget,
  unknown_prompt: unknownTarget,
  prompt_not_in_card: unknownTarget,
  unknown_task: unknownTarget,
  unknown_method: {
    area: 'ACCESS',
    status: 404,
    rpcCode: -32_601,
    record: decision,
    challenge: 'none',
    message: 'Unknown method.',
    code: 'ERR_ACCESS_UNKNOWN_METHOD',
  },
  notification_refused: {
    area: 'ACCESS',
    status: 400,
    rpcCode: -32_600,
    record: decision,
    challenge: 'none',
    message: 'This method can not be sent as a notification.',
    code: 'ERR_ACCESS_NOTIFICATION_REFUSED',
  },
  response_refused: {
    area: 'SESSION',
    status: 400,
    rpcCode: -32_600,
    record: refused,
    challenge: 'none',
    message: 'A JSON-RPC response is only accepted on a session of its sender.',
    code: 'ERR_SESSION_RESPONSE_REFUSED',
  },
  session_unknown: {
    area: 'SESSION',
    status: 404,
    record: refused,
    challenge: 'none',
    message: 'Unknown session. Start a new one with initialize.',
    code: 'ERR_SESSION_NOT_FOUND',
  },
  cross_principal: {
    area: 'SESSION',
    status: 404,
    record: refused,
    challenge: 'none',
    message: 'Unknown session. Start a new one with initialize.',
    code: 'ERR_SESSION_NOT_FOUND',
  },
  audit_unavailable: {
    area: 'AUDIT',
    status: 503,
    rpcCode: -32_603,
    record: refused,
    challenge: 'none',
    message:
      'The call can not be recorded right now, so it was not run. Try again after the time given in Retry-After.',
    code: 'ERR_AUDIT_UNAVAILABLE',
  },
  store_down: {
    area: 'SERVER',
    status: 503,
    rpcCode: -32_603,
    record: refused,
    challenge: 'none',
    message: 'The server can not answer right now. Try again after the time given in Retry-After.',
    code: 'ERR_SERVER_STORE_DOWN',
  },
  closing: {
    area: 'SERVER',
    status: 503,
    rpcCode: -32_603,
    record: refused,
    challenge: 'none',
    message: 'The server is shutting down. Try again after the time given in Retry-After.',
    code: 'ERR_SERVER_CLOSING',
  },
  guard_missing: {
    area: 'SERVER',
    status: 500,
    rpcCode: -32_603,
    record: refused,
    challenge: 'none',
    message: 'The server is not set up correctly. Its log says why.',
    code: 'ERR_SERVER_GUARD_MISSING',
  },
  internal_error: {
    area: 'SERVER',
    status: 500,
    rpcCode: -32_603,
    record: refused,
    challenge: 'none',
    message: 'Internal error.',
    code: 'ERR_SERVER_INTERNAL_ERROR',
  },
};
