import { isJsonObject, parseStrictJson, Refusal, SetupError, type JsonObject, type JsonValue } from '@sallyport/core';

/** How deep a server lets arguments be nested when its config says nothing else (`limits.jsonDepth`). */
const jsonDepth = 64;

/**
 * The arguments of a tool as an option gives them, read as strictly as a server reads them. The text is in no message: arguments may be
 * secret.
 *
 * @throws SetupError `ERR_CLI_USAGE`
 */
export function jsonObjectArgument(text: string | undefined): JsonObject {
  if (text === undefined) return {};
  const value = parse(text);
  if (isJsonObject(value)) return value;
  throw unusable('is JSON but not an object');
}

function parse(text: string): JsonValue {
  try {
    return parseStrictJson(Buffer.from(text), { jsonDepth });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw unusable(explain(error));
  }
}

function explain({ reason, rpcCode, detail }: Refusal): string {
  if (reason === 'dup_keys') return 'names a member twice in one object, which a server refuses';
  // What is no JSON at all is a parse error (JSON-RPC 2.0 §5.1); the detail says which limit was met and quotes nothing.
  return rpcCode === -32_700 || typeof detail !== 'string' ? 'is not JSON' : `is refused by a server: ${detail}`;
}

function unusable(problem: string): SetupError {
  return new SetupError({
    code: 'ERR_CLI_USAGE',
    field: '--args',
    problem,
    remedy: `write an object in quotes, as in --args '{"id":"1"}'`,
  });
}
