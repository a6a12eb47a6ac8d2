/**
 * Which text of the OpenTelemetry semantic conventions for MCP is followed. All of it has the status "development".
 *
 * - `1.41`: the last release of `semantic-conventions` that holds them. Every JSON-RPC error of an answer is an error of the operation.
 * - `gen_ai_latest_experimental`: `semantic-conventions-genai` as of commit 0e5e6a8d, which is not released. What only the caller did
 *   wrong (-32700, -32600, -32601, -32602, -32002) is no error of the server: the code is told, `error.type` is not set.
 */
export type Conventions = '1.41' | 'gen_ai_latest_experimental';
