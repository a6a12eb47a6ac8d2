import type { Attributes } from '@opentelemetry/api';
import {
  concealedTexts,
  redactArguments,
  sensitiveInResult,
  type CallEnd,
  type JsonValue,
  type KeyedHash,
  type McpCall,
} from '@sallyport/core';
import { isLarger } from './is-larger.ts';

/** Larger ones are not redacted, which would keep the process from its other work. */
const maxCharacters = 262_144;
const tooLarge = `"more than ${maxCharacters} characters"`;

/** What of the content of tool calls is put on their spans, redacted. */
export type ContentLevel = 'none' | 'arguments' | 'arguments-and-results';

/**
 * The opt-in attributes `gen_ai.tool.call.arguments` and `gen_ai.tool.call.result`, as JSON texts: for tool calls that ran, the result
 * only of one that succeeded. They are redacted and bounded as in the audit log at level `full`: what the card calls sensitive, has the
 * name of a credential or looks like one is replaced by a keyed hash, also where a result repeats it, and no more than 256 values and
 * 32,768 characters are shown. In the place of what is larger than 262,144 characters stands a text that says so.
 */
export function contentAttributes(call: McpCall, end: CallEnd, level: ContentLevel, hash: KeyedHash): Attributes {
  if (level === 'none' || call.method !== 'tools/call' || end.kind === 'refused' || end.content === undefined)
    return {};
  const { sensitive, result } = end.content;
  const attributes: Attributes = {};
  if (call.arguments !== undefined && isLarger(call.arguments, maxCharacters)) {
    attributes['gen_ai.tool.call.arguments'] = tooLarge;
  } else if (call.arguments !== undefined) {
    add(attributes, 'gen_ai.tool.call.arguments', redactArguments(call.arguments, options(hash, sensitive)).arguments);
  }
  if (level === 'arguments-and-results' && result !== undefined && end.outcome.status === 'ok') {
    if (isLarger(result, maxCharacters)) return { ...attributes, 'gen_ai.tool.call.result': tooLarge };
    const concealed = call.arguments === undefined ? [] : concealedTexts(call.arguments, sensitive);
    const redacted = redactArguments(result, { ...options(hash, sensitiveInResult(sensitive)), concealed });
    add(attributes, 'gen_ai.tool.call.result', redacted.arguments);
  }
  return attributes;
}

function options(hash: KeyedHash, sensitive: readonly string[]): Parameters<typeof redactArguments>[1] {
  return { level: 'full', hash, domain: ['span'], sensitive };
}

function add(attributes: Attributes, name: string, value: JsonValue | undefined): void {
  if (value !== undefined) attributes[name] = JSON.stringify(value);
}
