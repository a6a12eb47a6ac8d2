import { isJsonObject, member, type JsonObject, type JsonValue, type TargetKind } from '@sallyport/core';
import type { Passage } from '../passage/passage.ts';
import { filterLists, type ListReader } from './filter-lists.ts';
import { isWithheld, type ChangeReader } from './withheld-notification.ts';

/** What every message of an answer passes before its reader gets it. */
export interface AnswerFilter {
  /** The message as its reader gets it, the same object when nothing changed; `undefined` when it is not for this reader. */
  pass(message: JsonValue): JsonValue | undefined;
  /** In observe mode: how many entries of each kind enforcing would have taken out of lists. */
  wouldHide(): JsonObject | undefined;
}

/** Decides anew for every message: a stream that is open for long is held to the policy as each of its events is. */
export function createAnswerFilter(passage: Passage): AnswerFilter {
  const observed = new Map<TargetKind, number>();
  const reader =
    passage.runtime.config.enforcement === 'observe' ? observing(enforcing(passage), observed) : enforcing(passage);

  function pass(message: JsonValue): JsonValue | undefined {
    if (!Array.isArray(message)) return isWithheld(message, reader) ? undefined : filterLists(message, reader);
    // A batch; one within a batch is nothing the protocol knows, and some reader may take it for one all the same.
    const batch: readonly JsonValue[] = message;
    const passed = batch.map(pass);
    if (passed.every((one, index) => one === batch[index])) return batch;
    const kept = passed.filter((one) => one !== undefined);
    return kept.length === 0 ? undefined : kept;
  }

  return { pass, wouldHide: () => (observed.size === 0 ? undefined : Object.fromEntries(observed)) };
}

type Reader = ListReader & ChangeReader;

/** What the policy shows to the caller. An anonymous caller sees nothing. */
function enforcing({ principal, runtime }: Passage): Reader {
  const { authorizer, cursors, targets, config } = runtime;
  const { listDisclosedTools, securitySchemes } = config.stepUp;

  function shows(kind: TargetKind, name: string | undefined, template: boolean): boolean {
    if (!principal || name === undefined) return false;
    if (authorizer.sees(principal, { kind, name }, template)) return true;
    return listDisclosedTools && kind === 'tool' && targets.security.get(name)?.disclosed === true;
  }

  return {
    shows,
    showsAny: (kind) => targets.names(kind).some((name) => shows(kind, name, kind === 'resource')),
    describeTool(name, tool) {
      const schemes = securitySchemes ? targets.security.get(name)?.schemes : undefined;
      return schemes === undefined ? tool : withSchemes(tool, schemes);
    },
    seal: (cursor, list) => (principal ? cursors.seal(cursor, principal, list) : cursor),
  };
}

/** Shows everything as it is and counts what would have been taken out of lists. */
function observing(reader: Reader, hidden: Map<TargetKind, number>): Reader {
  return {
    shows(kind, name, template) {
      if (!reader.shows(kind, name, template)) hidden.set(kind, (hidden.get(kind) ?? 0) + 1);
      return true;
    },
    showsAny: () => true,
    describeTool: (name, tool) => reader.describeTool(name, tool),
    seal: (cursor) => cursor,
  };
}

/** Both places in which the Apps SDK of OpenAI says it looks. */
function withSchemes(tool: JsonObject, securitySchemes: JsonValue): JsonObject {
  const meta = member(tool, '_meta');
  return { ...tool, securitySchemes, _meta: { ...(isJsonObject(meta) && meta), securitySchemes } };
}
