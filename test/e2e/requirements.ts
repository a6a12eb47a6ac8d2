import { analystToolsRequirements } from './requirements/analyst-tools.ts';
import { auditExportRequirements } from './requirements/audit-export.ts';
import { auditEvidenceRequirements } from './requirements/audit-evidence.ts';
import { auditReplayRequirements } from './requirements/audit-replay.ts';
import { auditRuleRequirements } from './requirements/audit-rules.ts';
import { auditWriterRequirements } from './requirements/audit-writer.ts';
import { backChannelLogoutRequirements } from './requirements/back-channel-logout.ts';
import { bearerRequirements } from './requirements/bearer.ts';
import { cardDocumentRequirements } from './requirements/card-document.ts';
import { clientCertificateRequirements } from './requirements/client-certificate.ts';
import { conditionRequirements } from './requirements/conditions.ts';
import { discoveryRequirements } from './requirements/discovery.ts';
import { dpopRequirements } from './requirements/dpop.ts';
import { edgeRequirements } from './requirements/edge.ts';
import { enterpriseTokenRequirements } from './requirements/enterprise-token.ts';
import { introspectionRequirements } from './requirements/introspection.ts';
import { issuerKeyRequirements } from './requirements/issuer-keys.ts';
import { issuerProfileRequirements } from './requirements/issuer-profiles.ts';
import { joseRequirements } from './requirements/jose.ts';
import { jwtPracticeRequirements } from './requirements/jwt-practices.ts';
import { jwtRequirements } from './requirements/jwt.ts';
import { mcpAuthorizationRequirements } from './requirements/mcp-authorization.ts';
import { metricsRequirements } from './requirements/metrics.ts';
import { observeModeRequirements } from './requirements/observe-mode.ts';
import type { Requirement } from './requirements/requirement.ts';
import { operationalLogRequirements } from './requirements/operational-logs.ts';
import { resourceMetadataRequirements } from './requirements/resource-metadata.ts';
import { revocationRequirements } from './requirements/revocation.ts';
import { spanRequirements } from './requirements/spans.ts';
import { stepUpClientRequirements } from './requirements/step-up-clients.ts';
import { stepUpRequirements } from './requirements/step-up.ts';

const list = {
  // What the standards ask of the server that takes tokens
  ...bearerRequirements,
  ...joseRequirements,
  ...jwtRequirements,
  ...jwtPracticeRequirements,
  ...resourceMetadataRequirements,
  ...mcpAuthorizationRequirements,
  ...issuerKeyRequirements,
  ...issuerProfileRequirements,
  ...introspectionRequirements,
  ...dpopRequirements,
  ...clientCertificateRequirements,
  ...enterpriseTokenRequirements,
  ...revocationRequirements,
  ...backChannelLogoutRequirements,
  ...stepUpRequirements,
  ...stepUpClientRequirements,

  // The Server Card as a document
  ...cardDocumentRequirements,
  ...conditionRequirements,

  // The audit trail
  ...auditRuleRequirements,

  // The audit log
  ...auditWriterRequirements,
  ...auditEvidenceRequirements,

  // What operators count
  ...metricsRequirements,

  // What leaves the host
  ...auditExportRequirements,

  // Recorded calls decided again, values looked for
  ...auditReplayRequirements,
  ...spanRequirements,
  ...operationalLogRequirements,
  ...analystToolsRequirements,

  // Station 0: record
  'WALK-00-ONE-RECORD': {
    text: 'Every attempt leaves exactly one decision or refusal record, whichever station refused it.',
    source: 'The walk, station 0',
  },
  'WALK-00-STATUS-RECORDED': {
    text: 'The record of a refusal carries the reason and the HTTP status that was answered.',
    source: 'The walk, station 0',
  },
  'WALK-00-NO-SECRET': {
    text: 'No record, log line or answer holds a token, a part of one, a secret or a session id.',
    source: 'The walk, station 0; MCP security best practices, token theft',
  },
  'WALK-00-ORDER': {
    text: 'The stations run in their order: a request that fails at several is refused by the first of them.',
    source: 'The walk',
  },

  // Station 1: network
  'WALK-01-HOST': {
    text: 'A Host that is not exactly an allowed host is 403, whatever X-Forwarded-Host says.',
    source: 'The walk, station 1; MCP streamable HTTP, security (DNS rebinding)',
  },
  'WALK-01-ORIGIN': {
    text: 'An Origin that is not exactly an allowed origin is 403: null, suffixes, userinfo and other ports included.',
    source: 'The walk, station 1; RFC 6454; MCP streamable HTTP, security',
  },
  'WALK-01-NO-ORIGIN': {
    text: 'A request without Origin, as programs send it, passes the network station.',
    source: 'The walk, station 1',
  },
  'WALK-01-BEFORE-AUTH': {
    text: 'A bad Origin without a token is 403 without a challenge.',
    source: 'The walk, stations 1 and 4',
  },
  'WALK-01-PREFLIGHT': {
    text: 'OPTIONS of an allowed origin is answered with the methods and the MCP headers it may send, without a token.',
    source: 'The walk, station 1; Fetch standard',
  },
  'WALK-01-CORS-ON-ERRORS': {
    text: 'Answers to an allowed origin carry the CORS headers and expose WWW-Authenticate, on refusals too.',
    source: 'The walk, station 1; Fetch standard',
  },
  'WALK-01-CORS-NO-CREDENTIALS': {
    text: 'Access-Control-Allow-Credentials is never sent, the origin is echoed only when it is allowed, and Vary names Origin.',
    source: 'The walk, station 1; Fetch standard',
  },

  // Station 2: route
  'WALK-02-EXACT-PATH': {
    text: 'Only the exact path of the resource reaches the handler: other case, a trailing slash and sub-paths do not.',
    source: 'The walk, station 2',
  },
  'WALK-02-METHODS': {
    text: 'Methods other than POST, GET, DELETE and OPTIONS are 405 with Allow.',
    source: 'The walk, station 2; RFC 9110 §15.5.6',
  },
  'WALK-02-GET-AFTER-AUTH': {
    text: 'GET and DELETE that are not served are 401 without a token and 405 with Allow for an authenticated caller.',
    source: 'The walk, station 2; MCP streamable HTTP',
  },
  'WALK-02-UPGRADE': {
    text: 'An upgrade request opens no channel past the guard.',
    source: 'The walk, station 2; RFC 9110 §7.8',
  },

  // Station 3: headers
  'WALK-03-ONE-CREDENTIAL': {
    text: 'Two Authorization headers, equal or not, are 400 invalid_request.',
    source: 'The walk, station 3; RFC 6750 §3.1',
  },
  'WALK-03-ONE-TOKEN': {
    text: 'An Authorization header without a token, or with more than one, is 400 invalid_request.',
    source: 'The walk, station 3; RFC 6750 §2.1, §3.1',
  },
  'WALK-03-NO-QUERY-TOKEN': {
    text: 'A token in the query is 400 and is not used.',
    source: 'The walk, station 3; OAuth 2.1 §5.1; MCP authorization, token handling',
  },
  'WALK-03-TOKEN-CAP': {
    text: 'A token over limits.tokenBytes is 401 before any cryptography.',
    source: 'The walk, station 3',
  },
  'WALK-03-ADDRESS-LIMIT': {
    text: 'The rate limit by address applies before any cryptography and answers 429 with Retry-After and no challenge.',
    source: 'The walk, station 3; RFC 6585 §4',
  },

  // Station 4: authenticate
  'WALK-04-AUTH-BEFORE-BODY': {
    text: 'An unauthenticated request is refused without its body being read, however large it is.',
    source: 'The walk, station 4',
  },
  'WALK-04-BARE-CHALLENGE': {
    text: 'Without a token the answer is 401 whose challenge has resource_metadata and the sign-in scopes and no error.',
    source: 'The walk, station 4; RFC 6750 §3; RFC 9728 §5.1',
  },
  'WALK-04-INVALID-TOKEN': {
    text: 'A token that does not verify is 401 with error="invalid_token" and resource_metadata.',
    source: 'The walk, station 4; RFC 6750 §3.1',
  },
  'WALK-04-SIGNATURE': {
    text: 'A token with a forged signature, another algorithm or alg none is 401.',
    source: 'The walk, station 4; RFC 8725 §3.1, §3.2',
  },
  'WALK-04-ISSUER': {
    text: 'A token of an issuer that is not configured is 401 and causes no request to anybody.',
    source: 'The walk, station 4; RFC 9068 §4',
  },
  'WALK-04-AUDIENCE': {
    text: 'A token for another resource is 401.',
    source: 'The walk, station 4; RFC 8707; MCP authorization, token audience',
  },
  'WALK-04-EXPIRY': {
    text: 'A token that is expired, not valid yet or without exp is 401, also when it was accepted before.',
    source: 'The walk, station 4; RFC 7519 §4.1.4, §4.1.5',
  },
  'WALK-04-TYPE': {
    text: 'An ID token, or a token of another typ than the profile asks for, is 401.',
    source: 'The walk, station 4; RFC 9068 §4',
  },
  'WALK-04-BOUND-TOKEN': {
    text: 'A token bound to a key is 401 when it is presented as a plain Bearer token.',
    source: 'The walk, station 4; RFC 9449 §7.2',
  },
  'WALK-04-CLIENTS': {
    text: 'A valid token of a client outside allowedClients is 403 without a hint to step up.',
    source: 'The walk, station 4; RFC 9068 §4',
  },
  'WALK-04-IDP-DOWN': {
    text: 'When the issuer can not be reached the answer is 503 with Retry-After and no challenge.',
    source: 'The walk, station 4',
  },
  'WALK-04-KEY-ROTATION': {
    text: 'A token signed with a new key of the issuer is accepted after one fetch, without a restart.',
    source: 'The walk, station 4; OpenID Connect Core §10.1.1',
  },
  'WALK-04-METADATA-FROM-CONFIG': {
    text: 'The resource_metadata of a challenge comes from the config, never from Host or X-Forwarded headers.',
    source: 'The walk, station 4; RFC 9728 §5.1',
  },
  'WALK-04-PUBLIC-METHODS': {
    text: 'With publicMethods a tokenless call of a listed method is served, and every other tokenless call is 401.',
    source: 'The walk, stations 4 and 8',
  },

  // Station 5: limit
  'WALK-05-PRINCIPAL-LIMIT': {
    text: 'The rate limit by principal answers 429 with Retry-After and leaves other principals alone.',
    source: 'The walk, station 5; RFC 6585 §4',
  },

  // Station 6: readCall
  'WALK-06-CONTENT-TYPE': {
    text: 'A body that is not application/json in UTF-8 is 415.',
    source: 'The walk, station 6; RFC 9110 §8.3',
  },
  'WALK-06-ENCODING': {
    text: 'A body with a Content-Encoding is 415 and is not inflated.',
    source: 'The walk, station 6; RFC 9110 §8.4',
  },
  'WALK-06-SIZE': {
    text: 'A body over limits.bodyBytes is 413, with a Content-Length and in chunks.',
    source: 'The walk, station 6',
  },
  'WALK-06-NOT-JSON': {
    text: 'A body that is not JSON, or has a byte order mark or bad UTF-8, is 400 with code -32700.',
    source: 'The walk, station 6; RFC 8259 §8.1',
  },
  'WALK-06-DUPLICATE-KEYS': {
    text: 'A body with a duplicate member name, escaped or not, is 400 with code -32600.',
    source: 'The walk, station 6; RFC 8259 §4',
  },
  'WALK-06-DEPTH': {
    text: 'A body nested deeper than limits.jsonDepth is 400 with code -32600.',
    source: 'The walk, station 6',
  },
  'WALK-06-BATCH': {
    text: 'A JSON-RPC batch of any version is 400 with code -32600 and nothing in it runs.',
    source: 'The walk, station 6; MCP 2025-06-18 changelog',
  },
  'WALK-06-SHAPE': {
    text: 'A body that is not one JSON-RPC 2.0 message is 400 with code -32600.',
    source: 'The walk, station 6; JSON-RPC 2.0 §4',
  },

  // Station 7: match
  'WALK-07-HEADERS-PRESENT': {
    text: 'A modern call without MCP-Protocol-Version, Mcp-Method or Mcp-Name is 400 with code -32020.',
    source: 'The walk, station 7; MCP 2026-07-28 streamable HTTP, server validation',
  },
  'WALK-07-HEADERS-MATCH': {
    text: 'A modern call whose headers differ from its body, or are sent twice, is 400 with code -32020.',
    source: 'The walk, station 7; MCP 2026-07-28 streamable HTTP, server validation',
  },
  'WALK-07-SENTINEL': {
    text: 'A Base64 encoded Mcp-Name is decoded before it is compared, and a malformed one is 400 with code -32020.',
    source: 'The walk, station 7; MCP 2026-07-28 streamable HTTP, value encoding',
  },
  'WALK-07-VERSION': {
    text: 'An unsupported protocol version is 400 with code -32022 and names the supported ones.',
    source: 'The walk, station 7; MCP 2026-07-28 versioning',
  },
  'WALK-07-META': {
    text: 'A modern protocol version header without _meta in the body is 400 with code -32602.',
    source: 'The walk, station 7; MCP 2026-07-28 basic, _meta',
  },
  'WALK-07-FROZEN': {
    text: 'What was checked is what runs: the handler gets the one parsed message, frozen.',
    source: 'The walk, station 7',
  },

  // Station 8: authorize
  'WALK-08-ALLOW': {
    text: 'A call whose token has the scopes of its target runs exactly once.',
    source: 'The walk, station 8',
  },
  'WALK-08-DEFAULT-DENY': {
    text: 'A target that is registered but not in the card is refused to everybody, like one that does not exist.',
    source: 'The walk, station 8',
  },
  'WALK-08-SCOPE': {
    text: 'A call without the scope it needs is 403 with a challenge that names every scope the operation needs.',
    source: 'The walk, station 8; RFC 6750 §3.1; MCP authorization, insufficient scope',
  },
  'WALK-08-IMPLIES': {
    text: 'A scope that implies another is enough for what the other allows.',
    source: 'The walk, station 8; MCP authorization, step-up',
  },
  'WALK-08-ANY-TOKEN': {
    text: 'A tool with an empty scope list runs for any valid token and for no request without one.',
    source: 'The walk, station 8',
  },
  'WALK-08-RESOURCES': {
    text: 'Resources, by URI and by template, follow the scopes of the card.',
    source: 'The walk, station 8; MCP resources',
  },
  'WALK-08-PROMPTS': {
    text: 'Prompts follow the scopes of the card.',
    source: 'The walk, station 8; MCP prompts',
  },
  'WALK-08-HIDDEN': {
    text: 'A hidden target answers a caller without its scope byte for byte like a target that does not exist.',
    source: 'The walk, station 8; MCP tools, error handling',
  },
  'WALK-08-UNKNOWN-METHOD': {
    text: 'An unknown method is -32601, with HTTP 404 to modern clients and 200 to 2025-era clients.',
    source: 'The walk, station 8; JSON-RPC 2.0 §5.1',
  },
  'WALK-08-NOTIFICATION': {
    text: 'A call sent as a notification never runs.',
    source: 'The walk, station 8; JSON-RPC 2.0 §4.1',
  },
  'WALK-08-BEFORE-STREAM': {
    text: 'A call that would stream is refused with its status before a byte of the stream is sent.',
    source: 'The walk, station 8; MCP authorization, insufficient scope',
  },

  // Station 9: commit
  'WALK-09-DURABLE-FIRST': {
    text: 'The decision is on disk before the tool runs: a process that dies in the tool leaves the decision behind.',
    source: 'The walk, station 9',
  },
  'WALK-09-STRICT': {
    text: 'In strict mode a decision that can not be made durable is 503 with Retry-After and nothing runs.',
    source: 'The walk, station 9',
  },
  'WALK-09-AVAILABLE': {
    text: 'In available mode the call goes on, and the gap is recorded with its exact count.',
    source: 'The walk, station 9',
  },

  // Station 11: outcome
  'WALK-11-ONE-OUTCOME': {
    text: 'Every allowed call has exactly one outcome record, joined to its decision.',
    source: 'The walk, station 11',
  },
  'WALK-11-TOOL-ERROR': {
    text: 'A tool that throws or answers isError has the outcome tool_error, a JSON-RPC error the outcome error.',
    source: 'The walk, station 11; MCP tools, error handling',
  },
  'WALK-11-STREAM': {
    text: 'A streamed answer has one outcome, after its last event.',
    source: 'The walk, station 11',
  },
  'WALK-11-DISCONNECTED': {
    text: 'A client that goes away leaves the outcome disconnected, and the tool is told to stop.',
    source: 'The walk, station 11; MCP streamable HTTP, cancellation',
  },
  'WALK-11-ABORTED': {
    text: 'A decision that was open when the process died has the outcome aborted after the next start.',
    source: 'The walk, station 11',
  },
  'WALK-11-REFUSAL-HAS-NONE': {
    text: 'A refusal has no outcome.',
    source: 'The walk, station 11',
  },

  // What a refusal looks like
  'REFUSAL-NOTHING-RAN': {
    text: 'A refused call runs nothing: the effects file stays empty.',
    source: 'The walk',
  },
  'REFUSAL-BODY': {
    text: 'A refusal is JSON with jsonrpc, error.code, error.message and error.data.code and error.data.doc, for every client.',
    source: 'Refusal bodies; JSON-RPC 2.0 §5.1',
  },
  'REFUSAL-CODE': {
    text: 'error.code is the HTTP status, save for the JSON-RPC and MCP codes of the table of reasons.',
    source: 'Refusal bodies; MCP basic, error codes',
  },
  'REFUSAL-ID': {
    text: 'The id of a refusal is that of the request, and is left out when the body was not read.',
    source: 'Refusal bodies; JSON-RPC 2.0 §5',
  },
  'REFUSAL-UNKNOWN-TARGET': {
    text: 'Hidden, unknown and undeclared targets are HTTP 200 with -32602, and the message does not name the target.',
    source: 'Refusal bodies; MCP tools, error handling',
  },
  'REFUSAL-RESOURCE-URI': {
    text: 'An unknown resource answers with data.uri, the URI that was asked for.',
    source: 'Refusal bodies; MCP resources, error handling',
  },
  'REFUSAL-NO-STORE': {
    text: 'Every refusal carries Cache-Control: no-store.',
    source: 'Refusal bodies; RFC 9111 §5.2.2.5',
  },
  'REFUSAL-NO-CHALLENGE-5XX': {
    text: 'No 5xx carries a challenge.',
    source: 'Refusal bodies',
  },
  'REFUSAL-NO-INSIDE': {
    text: 'No refusal holds a rule, a stack, a library message or an internal name.',
    source: 'Refusal bodies',
  },
  'REFUSAL-NEXT-REQUEST': {
    text: 'After a refusal the process goes on, and the next good request is answered.',
    source: 'Refusal bodies',
  },

  // Bodies that are never read
  'BODY-CLOSE': {
    text: 'After a refusal with more than 64 KiB outstanding the answer says Connection: close and the socket is closed.',
    source: 'Bodies never read; RFC 9112 §9.6',
  },
  'BODY-EXPECT': {
    text: 'Expect: 100-continue is answered with 100 only after authentication.',
    source: 'Bodies never read; RFC 9110 §10.1.1',
  },
  'BODY-INCOMPLETE': {
    text: 'A body that ends early is refused and runs nothing.',
    source: 'Bodies never read; RFC 9112 §8',
  },

  // Handlers
  'HANDLER-COMMIT-MARK': {
    text: 'statelessHandler and mount answer 500 and run nothing unless commit has marked this very request.',
    source: 'Handlers',
  },
  'HANDLER-MISSING-STATION': {
    text: 'A station whose predecessor did not run answers 500, runs nothing and logs which one is missing.',
    source: 'Handlers',
  },
  'HANDLER-PARSED-BODY': {
    text: "The SDK's node handlers get the parsed body from mount.",
    source: 'Handlers',
  },
  'HANDLER-BYTES-REPLAYED': {
    text: 'A handler that reads the stream gets the original bytes from mount.',
    source: 'Handlers',
  },
  'HANDLER-EXPRESS-JSON': {
    text: 'Behind an existing express.json() calls are still authenticated, authorized and recorded.',
    source: 'Handlers',
  },
  'HANDLER-WITHHELD': {
    text: 'A handler finds the credential in no header list, and req.auth holds token "withheld" and the principal.',
    source:
      'No credential goes further; MCP authorization 2026-07-28, access token privilege restriction (MUST NOT pass through)',
  },
  'HANDLER-PRINCIPAL': {
    text: 'A tool reads the verified principal, and nothing in the arguments or _meta changes it.',
    source: 'No credential goes further',
  },

  // The response edge
  ...edgeRequirements,
  'EDGE-LISTS-FILTERED': {
    text: 'Lists of tools, resources, templates and prompts show only what this caller may use, in both eras.',
    source: 'Responses are filtered at the edge; MCP tools, listing',
  },
  'EDGE-LISTS-SSE': {
    text: 'Lists in SSE events of POST and GET are filtered, whatever was asked.',
    source: 'Responses are filtered at the edge',
  },
  'EDGE-LISTS-PRIVATE': {
    text: 'A list that varies by caller says cacheScope private.',
    source: 'Responses are filtered at the edge; MCP 2026-07-28 caching',
  },
  'EDGE-NO-CROSS-TALK': {
    text: 'Hundreds of parallel calls of mixed principals each get their own answer and their own records.',
    source: 'Responses are filtered at the edge',
  },

  // 2025-era clients
  'LEGACY-BODY-DECIDES': {
    text: 'For a 2025-era call the body decides: its Mcp-Name and Mcp-Method headers change nothing.',
    source: '2025-era clients; MCP 2025-11-25 streamable HTTP',
  },
  'LEGACY-SAME-POLICY': {
    text: 'A 2025-era call is authorized exactly as a modern one.',
    source: '2025-era clients',
  },
  'LEGACY-STATELESS': {
    text: 'With legacy "stateless" a 2025-era client works without a session, and no session id is minted or echoed.',
    source: '2025-era clients',
  },
  'LEGACY-HANDLER': {
    text: 'With legacy "handler" a sessionful handler serves POST, GET and DELETE of the session behind the guard.',
    source: '2025-era clients; MCP 2025-11-25 session management',
  },
  'LEGACY-SESSION-BOUND': {
    text: 'A session id belongs to the principal that opened it: foreign and unknown ids get the same 404.',
    source: '2025-era clients; MCP security best practices, session hijacking',
  },
  'LEGACY-CURRENT-SCOPES': {
    text: 'On a session the scopes of the current token decide, not those of the token that opened it.',
    source: '2025-era clients; MCP authorization',
  },
  'LEGACY-RESPONSES': {
    text: 'A posted JSON-RPC response passes only on a session its sender owns.',
    source: '2025-era clients',
  },
  'LEGACY-REJECT': {
    text: 'With legacy "reject" a 2025-era call is refused with the supported versions.',
    source: '2025-era clients',
  },

  // Discovery
  'DISCOVERY-RESOURCE-METADATA': {
    text: 'The protected resource metadata is served at the path-aware and at the root location, equal to the config.',
    source: 'Discovery; RFC 9728 §3',
  },
  'DISCOVERY-CARD': {
    text: 'The Server Card is served at both locations with its media type, as publish says and without hidden targets.',
    source: 'Discovery; SEP-2127',
  },
  'DISCOVERY-CATALOGS': {
    text: 'The AI Catalog and the api-catalog name the card of this server.',
    source: 'Discovery; RFC 9727 §2',
  },
  'DISCOVERY-CONDITIONAL': {
    text: 'Discovery documents have an ETag, answer If-None-Match with 304, serve HEAD and are open to every origin.',
    source: 'Discovery; RFC 9110 §13.1.2',
  },

  ...observeModeRequirements,

  ...discoveryRequirements,

  // The process
  'START-CONFIG': {
    text: 'A wrong config ends the process before it listens, with one line that names file, field and remedy.',
    source: 'Start',
  },
  'START-CARD': {
    text: 'A card that can not be read, or declares an unknown scope, ends the process before it listens.',
    source: 'Start',
  },
  'START-DRIFT': {
    text: 'With drift "error" a server that registers what the card does not declare does not start.',
    source: 'Start',
  },
  'START-AUDIT': {
    text: 'An audit directory that can not be written ends the process before it listens.',
    source: 'Start',
  },
  'PROCESS-HEALTH': {
    text: '/healthz says that the process lives, /readyz whether the audit log is writable and the issuer keys are held.',
    source: 'The process',
  },
  'PROCESS-DRAIN': {
    text: 'On SIGTERM the calls in flight end, their outcomes are recorded, and the process exits with 0.',
    source: 'The process',
  },
  'TELEMETRY-ONE-SPAN': {
    text: 'With OpenTelemetry set up by the host a call is one server span, continued from the trace context in _meta.',
    source: 'Telemetry; OpenTelemetry MCP semantic conventions',
  },
} as const satisfies Readonly<Record<string, Requirement>>;

export type RequirementId = keyof typeof list;

export const requirements: Readonly<Record<RequirementId, Requirement>> = list;
