import {
  Client as ModernClient,
  StreamableHTTPClientTransport as ModernTransport,
  type OAuthClientProvider,
} from '@modelcontextprotocol/client';
import { Client as LegacyClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as LegacyTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

/** What these tests do with a client, whichever SDK it is of. What is refused rejects the way the SDK does it. */
export interface SdkClient {
  connect(): Promise<void>;
  /** After a redirect to the issuer: exchanges what came back from there for a token. */
  finishSignIn(callback: URLSearchParams): Promise<void>;
  tools(): Promise<string[]>;
  /** The URIs of resources, then those of templates. */
  resources(): Promise<string[]>;
  prompts(): Promise<string[]>;
  call(name: string, args?: Record<string, unknown>): Promise<string>;
  read(uri: string): Promise<string>;
  prompt(name: string): Promise<string>;
  close(): Promise<void>;
}

/** A token the client has, or the way to get one. */
export type Credential = string | OAuthClientProvider;

export interface SdkCase {
  readonly name: string;
  readonly era: 'modern' | 'legacy';
  create(url: string, credential: Credential): SdkClient;
}

const info = { name: 'e2e', version: '1' };

function transportOptions(credential: Credential): { requestInit?: RequestInit; authProvider?: OAuthClientProvider } {
  if (typeof credential === 'string') return { requestInit: { headers: { authorization: `Bearer ${credential}` } } };
  return { authProvider: credential };
}

/** `@modelcontextprotocol/client`: pinned to 2026-07-28, or as a 2025-era client, which is its default. */
function createModern(url: string, credential: Credential, mode: 'legacy' | { pin: string }): SdkClient {
  let client = new ModernClient(info);
  let transport = new ModernTransport(new URL(url), transportOptions(credential));
  return {
    async connect() {
      client = new ModernClient(info, { versionNegotiation: { mode } });
      transport = new ModernTransport(new URL(url), transportOptions(credential));
      await client.connect(transport);
    },
    finishSignIn: (callback) => transport.finishAuth(callback),
    tools: async () => namesOf((await client.listTools()).tools),
    resources: async () => [
      ...(await client.listResources()).resources.map(({ uri }) => uri),
      ...(await client.listResourceTemplates()).resourceTemplates.map(({ uriTemplate }) => uriTemplate),
    ],
    prompts: async () => namesOf((await client.listPrompts()).prompts),
    call: async (name, args = {}) => textOf(await client.callTool({ name, arguments: args })),
    read: async (uri) => JSON.stringify((await client.readResource({ uri })).contents),
    prompt: async (name) => JSON.stringify((await client.getPrompt({ name })).messages),
    close: () => client.close(),
  };
}

/** `@modelcontextprotocol/sdk`, the v1 line. */
function createLegacy(url: string, credential: Credential): SdkClient {
  let client = new LegacyClient(info);
  let transport = new LegacyTransport(new URL(url), transportOptions(credential));
  return {
    async connect() {
      client = new LegacyClient(info);
      transport = new LegacyTransport(new URL(url), transportOptions(credential));
      await client.connect(transport);
    },
    finishSignIn: (callback) => transport.finishAuth(callback.get('code') ?? ''),
    tools: async () => namesOf((await client.listTools()).tools),
    resources: async () => [
      ...(await client.listResources()).resources.map(({ uri }) => uri),
      ...(await client.listResourceTemplates()).resourceTemplates.map(({ uriTemplate }) => uriTemplate),
    ],
    prompts: async () => namesOf((await client.listPrompts()).prompts),
    call: async (name, args = {}) => textOf(await client.callTool({ name, arguments: args })),
    read: async (uri) => JSON.stringify((await client.readResource({ uri })).contents),
    prompt: async (name) => JSON.stringify((await client.getPrompt({ name })).messages),
    close: () => client.close(),
  };
}

function namesOf(entries: readonly { name: string }[]): string[] {
  return entries.map(({ name }) => name);
}

function textOf(result: unknown): string {
  return (result as { content: { text?: string }[] }).content[0]?.text ?? '';
}

/** Every official client, in every era it speaks. */
export const sdkCases: readonly SdkCase[] = [
  {
    name: '@modelcontextprotocol/client of revision 2026-07-28',
    era: 'modern',
    create: (url, credential) => createModern(url, credential, { pin: '2026-07-28' }),
  },
  {
    name: '@modelcontextprotocol/client as a 2025-era client',
    era: 'legacy',
    create: (url, credential) => createModern(url, credential, 'legacy'),
  },
  { name: '@modelcontextprotocol/sdk', era: 'legacy', create: createLegacy },
];
