import { Refusal } from '../errors/refusal.ts';
import { isJsonObject, member, type JsonObject, type JsonValue } from './json.ts';

/** Longest method name in characters. */
const maxMethodLength = 256;
/** Longest id in characters. */
const maxIdLength = 1_024;

export interface RpcRequest {
  readonly kind: 'request';
  readonly id: string | number;
  readonly method: string;
  readonly params: JsonObject | undefined;
  readonly message: JsonObject;
}

export interface RpcNotification {
  readonly kind: 'notification';
  readonly method: string;
  readonly params: JsonObject | undefined;
  readonly message: JsonObject;
}

export interface RpcResponse {
  readonly kind: 'response';
  /** Absent only where an error answers a request whose id could not be read. */
  readonly id: string | number | undefined;
  readonly message: JsonObject;
}

/** One JSON-RPC 2.0 message in the shape MCP allows. */
export type RpcMessage = RpcRequest | RpcNotification | RpcResponse;

const callMembers: ReadonlySet<string> = new Set(['jsonrpc', 'id', 'method', 'params']);
const responseMembers: ReadonlySet<string> = new Set(['jsonrpc', 'id', 'result', 'error']);

/**
 * Reads the shape of one JSON-RPC 2.0 message as the MCP schemas define it: exactly the members of its kind, spelled
 * exactly, an id that is a string (up to 1,024 characters) or a safe integer, a method of 1 to 256 characters, params
 * (when present) an object with an object as `_meta` (when present).
 *
 * @throws Refusal `batch_refused` for any array, else `malformed_rpc`.
 */
export function readMessage(value: JsonValue): RpcMessage {
  if (Array.isArray(value)) throw new Refusal('batch_refused');
  if (!isJsonObject(value)) throw malformed('not an object');
  if (member(value, 'jsonrpc') !== '2.0') throw malformed('jsonrpc is not "2.0"');
  return Object.freeze(Object.hasOwn(value, 'method') ? readCall(value) : readResponse(value));
}

function readCall(message: JsonObject): RpcRequest | RpcNotification {
  requireMembers(message, callMembers);
  const method = message['method'];
  if (typeof method !== 'string' || method === '') throw malformed('method is not a non-empty string');
  if (method.length > maxMethodLength) throw malformed(`method is longer than ${maxMethodLength} characters`);
  const params = readParams(message);
  if (!Object.hasOwn(message, 'id')) return { kind: 'notification', method, params, message };
  return { kind: 'request', id: readId(message['id']), method, params, message };
}

function readParams(message: JsonObject): JsonObject | undefined {
  if (!Object.hasOwn(message, 'params')) return undefined;
  const params = message['params'];
  if (!isJsonObject(params)) throw malformed('params is not an object');
  // A `_meta` of another type would hide the protocol version a request claims.
  if (Object.hasOwn(params, '_meta') && !isJsonObject(params['_meta']))
    throw malformed('params._meta is not an object');
  return params;
}

function readResponse(message: JsonObject): RpcResponse {
  requireMembers(message, responseMembers);
  const hasResult = Object.hasOwn(message, 'result');
  if (hasResult === Object.hasOwn(message, 'error'))
    throw malformed('neither method nor exactly one of result and error');
  if (hasResult) {
    if (!isJsonObject(message['result'])) throw malformed('result is not an object');
    return { kind: 'response', id: readId(member(message, 'id')), message };
  }
  const error = message['error'];
  if (!Number.isInteger(member(error, 'code')) || typeof member(error, 'message') !== 'string') {
    throw malformed('error has no integer code or no message');
  }
  return { kind: 'response', id: Object.hasOwn(message, 'id') ? readId(message['id']) : undefined, message };
}

function readId(id: JsonValue | undefined): string | number {
  if (typeof id === 'number' && Number.isSafeInteger(id)) return id;
  if (typeof id === 'string' && id.length <= maxIdLength) return id;
  throw malformed(`id is not a safe integer or a string of up to ${maxIdLength} characters`);
}

// The names of a caller are not quoted: a token may have slipped in as one.
function requireMembers(message: JsonObject, allowed: ReadonlySet<string>): void {
  for (const name of Object.keys(message)) {
    if (!allowed.has(name)) throw malformed(`a member besides ${[...allowed].join(', ')}`);
  }
}

function malformed(detail: string): Refusal {
  return new Refusal('malformed_rpc', { detail });
}
