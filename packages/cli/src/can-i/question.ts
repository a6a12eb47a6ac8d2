import { SetupError, type JsonObject, type McpCall, type Target } from '@sallyport/core';

/** The call that is asked about. */
export interface Question {
  readonly tool?: string;
  readonly resource?: string;
  readonly prompt?: string;
  readonly args: JsonObject;
}

/**
 * The call as a server would see it, in the revision 2026-07-28.
 *
 * @throws SetupError `ERR_CLI_USAGE` unless it is about exactly one thing.
 */
export function callOf({ tool, resource, prompt, args }: Question): McpCall {
  const asked: readonly (readonly [Target['kind'], string | undefined, string])[] = [
    ['tool', tool, 'tools/call'],
    ['resource', resource, 'resources/read'],
    ['prompt', prompt, 'prompts/get'],
  ];
  const named = asked.filter(([, name]) => name !== undefined);
  const [kind, name = '', method] = named[0] ?? ['tool', '', ''];
  if (named.length !== 1) {
    throw new SetupError({
      code: 'ERR_CLI_USAGE',
      problem: named.length === 0 ? 'it is not said what is to be used' : 'one question at a time',
      remedy: 'name one of --tool, --resource and --prompt',
    });
  }
  const target = Object.freeze({ kind, name });
  const params: JsonObject = kind === 'resource' ? { uri: name } : { name, arguments: args };
  return Object.freeze({
    kind: 'request',
    era: 'modern',
    protocolVersion: '2026-07-28',
    id: 1,
    method,
    target,
    targets: Object.freeze([target]),
    arguments: kind === 'resource' ? undefined : args,
    client: undefined,
    message: { jsonrpc: '2.0', id: 1, method, params },
  });
}
