/** `SpanKind.SERVER` and `SpanStatusCode.ERROR` of the API, which a span from another process has as numbers. */
const serverKind = 1;
const errorStatus = 2;

/** What a span is about, as far as the conventions ask. */
export interface SpanFacts {
  readonly method: string;
  readonly kind: 'request' | 'notification';
  /** The name of the tool or prompt, when the card has it. */
  readonly target?: string;
  readonly failed: boolean;
  /** The answer has a JSON-RPC error. */
  readonly answeredCode: boolean;
}

/** One line of the table, and when it applies. */
interface Row {
  readonly name: string;
  readonly level: 'required' | 'conditionally required' | 'recommended' | 'opt-in';
  /** As the conventions write it. */
  readonly condition?: string;
  readonly type: 'string' | 'int';
  /** `always` and `never`: it must be there, or must not. A function: exactly when it holds. `maybe`: both are right. */
  readonly when: 'always' | 'never' | 'maybe' | ((facts: SpanFacts) => boolean);
}

/** Where the table comes from. */
export const source = {
  released: {
    repository: 'https://github.com/open-telemetry/semantic-conventions',
    version: 'v1.41.1',
    path: 'docs/gen-ai/mcp.md',
    commit: '04f167230afe1a2244c4c860cea0e716fb6ee59e',
  },
  inDevelopment: {
    repository: 'https://github.com/open-telemetry/semantic-conventions-genai',
    version: '1.42.0-dev',
    paths: {
      'docs/gen-ai/mcp.md': '0393513c908bf895e7b3ec480a2c1eb073c584af',
      'model/mcp/spans.yaml': '5c50d346f1c9e8f745889f7777a412991564b334',
      'model/mcp/common.yaml': '0e5e6a8d59d38c9c19556a5164a83cc11a7d53ff',
    },
  },
} as const;

const resourceMethods = new Set(['resources/read', 'resources/subscribe', 'resources/unsubscribe']);

/**
 * The attributes of the span `mcp.server`, whole. The texts of both versions have the same names; they differ in which codes are errors
 * (`call-failure.test.ts`).
 */
export const serverSpan: readonly Row[] = [
  { name: 'mcp.method.name', level: 'required', type: 'string', when: 'always' },
  {
    name: 'error.type',
    level: 'conditionally required',
    condition: 'If and only if the operation fails.',
    type: 'string',
    when: ({ failed }) => failed,
  },
  {
    name: 'gen_ai.prompt.name',
    level: 'conditionally required',
    condition: 'When operation is related to a specific prompt.',
    type: 'string',
    when: ({ method, target }) => method === 'prompts/get' && target !== undefined,
  },
  {
    name: 'gen_ai.tool.name',
    level: 'conditionally required',
    condition: 'When operation is related to a specific tool.',
    type: 'string',
    when: ({ method, target }) => method === 'tools/call' && target !== undefined,
  },
  {
    name: 'jsonrpc.request.id',
    level: 'conditionally required',
    condition: 'When the client executes a request.',
    type: 'string',
    when: ({ kind }) => kind === 'request',
  },
  {
    name: 'mcp.resource.uri',
    level: 'conditionally required',
    condition: 'When the client executes a request type that includes a resource URI parameter.',
    type: 'string',
    when: ({ method }) => resourceMethods.has(method),
  },
  {
    name: 'rpc.response.status_code',
    level: 'conditionally required',
    condition: 'If response contains an error code.',
    type: 'string',
    when: ({ answeredCode }) => answeredCode,
  },
  { name: 'client.address', level: 'recommended', condition: 'If applicable', type: 'string', when: 'always' },
  // Not behind a proxy, whose port is not the client's.
  { name: 'client.port', level: 'recommended', condition: 'When client.address is set', type: 'int', when: 'maybe' },
  {
    name: 'gen_ai.operation.name',
    level: 'recommended',
    condition:
      'SHOULD be set to execute_tool when the operation describes a tool call and SHOULD NOT be set otherwise.',
    type: 'string',
    when: ({ method }) => method === 'tools/call',
  },
  // Always 2.0 here.
  {
    name: 'jsonrpc.protocol.version',
    level: 'recommended',
    condition: "when it's not 2.0",
    type: 'string',
    when: 'never',
  },
  // Not when the message was refused because its version is unclear.
  { name: 'mcp.protocol.version', level: 'recommended', type: 'string', when: 'maybe' },
  // None in 2026-07-28; before that who has the id may be able to use it.
  {
    name: 'mcp.session.id',
    level: 'recommended',
    condition: 'When the MCP request or notification is part of a session.',
    type: 'string',
    when: 'never',
  },
  {
    name: 'network.protocol.name',
    level: 'recommended',
    condition: 'When applicable.',
    type: 'string',
    when: 'always',
  },
  {
    name: 'network.protocol.version',
    level: 'recommended',
    condition: 'When applicable.',
    type: 'string',
    when: 'always',
  },
  { name: 'network.transport', level: 'recommended', type: 'string', when: 'always' },
  { name: 'gen_ai.tool.call.arguments', level: 'opt-in', type: 'string', when: 'maybe' },
  { name: 'gen_ai.tool.call.result', level: 'opt-in', type: 'string', when: 'maybe' },
];

/** A span as any exporter shows it. */
export interface SeenSpan {
  readonly name: string;
  readonly kind: number;
  readonly status: { readonly code: number };
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** In what a server span is not as the conventions say; empty when it is. Attributes of our own begin with `sallyport.`. */
export function breaches(span: SeenSpan, facts: SpanFacts): readonly string[] {
  const { name, kind, status, attributes } = span;
  const method = String(attributes['mcp.method.name']);
  const expectedName = facts.target === undefined ? method : `${method} ${facts.target}`;
  const known = new Set(serverSpan.map((row) => row.name));
  return [
    ...(name === expectedName ? [] : [`the name is ${name} and not ${expectedName}`]),
    ...(kind === serverKind ? [] : ['the kind is not SERVER']),
    ...((status.code === errorStatus) === facts.failed ? [] : [`the status is ${status.code}`]),
    ...serverSpan.flatMap((row) => breachesOf(row, attributes[row.name], facts)),
    ...Object.keys(attributes)
      .filter((key) => !known.has(key) && !key.startsWith('sallyport.'))
      .map((key) => `${key} is not an attribute of this span`),
  ];
}

function breachesOf({ name, type, when }: Row, value: unknown, facts: SpanFacts): readonly string[] {
  if (value === undefined) {
    const needed = when === 'always' || (typeof when === 'function' && when(facts));
    return needed ? [`${name} is missing`] : [];
  }
  const allowed = when === 'always' || when === 'maybe' || (typeof when === 'function' && when(facts));
  const right = type === 'int' ? Number.isInteger(value) : typeof value === 'string';
  return [...(allowed ? [] : [`${name} must not be there`]), ...(right ? [] : [`${name} is no ${type}`])];
}
