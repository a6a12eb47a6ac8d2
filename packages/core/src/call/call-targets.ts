import { Refusal } from '../errors/refusal.ts';
import { isJsonObject, member, type JsonObject } from './json.ts';
import { invalidParams } from './match-refusals.ts';
import type { Era, Target, TargetKind } from './mcp-call.ts';

/** Longest name of a tool, prompt or task in characters. */
const maxNameLength = 1_024;
/** Longest resource URI in characters. */
const maxUriLength = 8_192;
/** Most resources one `subscriptions/listen` may name. */
const maxSubscriptions = 1_000;
/** Most characters of their URIs together: each is held against every template of the policy. */
const maxSubscriptionChars = 65_536;

/**
 * Everything a message asks for by name, in the order of the message, with the types of the parameters checked on the way.
 * Nothing is coerced or normalised. Methods without a target have none.
 *
 * @throws Refusal `malformed_rpc` (−32602) or `too_large`.
 */
export function readCallTargets(method: string, params: JsonObject | undefined, era: Era): Target[] {
  switch (method) {
    case 'tools/call':
      requireArguments(params);
      return [readTarget('tool', params, 'name')];
    case 'prompts/get':
      requireArguments(params);
      return [readTarget('prompt', params, 'name')];
    case 'resources/read':
      return [readTarget('resource', params, 'uri')];
    case 'resources/subscribe':
    case 'resources/unsubscribe':
      return readLegacyTarget('resource', params, 'uri', era);
    case 'tasks/result':
      return readLegacyTarget('task', params, 'taskId', era);
    case 'tasks/get':
    case 'tasks/update':
    case 'tasks/cancel':
      return [readTarget('task', params, 'taskId')];
    case 'completion/complete':
      return [readReference(member(params, 'ref'))];
    case 'subscriptions/listen':
      return readSubscriptions(member(params, 'notifications'));
    default:
      return [];
  }
}

function requireArguments(params: JsonObject | undefined): void {
  const value = member(params, 'arguments');
  if (value !== undefined && !isJsonObject(value)) throw invalidParams('params.arguments is not an object');
}

type NameField = 'name' | 'uri' | 'taskId';

function readTarget(kind: TargetKind, holder: unknown, field: NameField): Target {
  return target(kind, member(holder, field), field);
}

// The modern era does not know these methods: whatever their parameters, they get the answer to an unknown method.
function readLegacyTarget(kind: TargetKind, holder: unknown, field: NameField, era: Era): Target[] {
  if (era === 'modern' && typeof member(holder, field) !== 'string') return [];
  return [readTarget(kind, holder, field)];
}

function target(kind: TargetKind, name: unknown, field: string): Target {
  if (typeof name !== 'string') throw invalidParams(`${field} is not a string`);
  const limit = kind === 'resource' ? maxUriLength : maxNameLength;
  if (name.length > limit) throw invalidParams(`${field} is longer than ${limit} characters`);
  return Object.freeze({ kind, name });
}

function readReference(reference: unknown): Target {
  switch (member(reference, 'type')) {
    case 'ref/prompt':
      return readTarget('prompt', reference, 'name');
    case 'ref/resource':
      return readTarget('resource', reference, 'uri');
    default:
      throw invalidParams('params.ref is no reference to a prompt or resource');
  }
}

function readSubscriptions(filter: unknown): Target[] {
  if (filter === undefined) return [];
  if (!isJsonObject(filter)) throw invalidParams('params.notifications is not an object');
  const uris = member(filter, 'resourceSubscriptions');
  if (uris === undefined) return [];
  if (!Array.isArray(uris)) throw invalidParams('resourceSubscriptions is not an array');
  if (uris.length > maxSubscriptions) {
    throw new Refusal('too_large', { detail: `more than ${maxSubscriptions} resource subscriptions` });
  }
  const targets = uris.map((uri: unknown) => target('resource', uri, 'resourceSubscriptions'));
  if (targets.reduce((chars, { name }) => chars + name.length, 0) > maxSubscriptionChars) {
    throw new Refusal('too_large', {
      detail: `resource subscriptions of more than ${maxSubscriptionChars} characters`,
    });
  }
  return targets;
}
