import { Client as ModernClient, StreamableHTTPClientTransport as ModernTransport, type OAuthClientProvider } from '@modelcontextprotocol/client';
import { Client as LegacyClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as LegacyTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

/** What these tests do with a client, whichever SDK it is of. */
export interface SdkClient {
  tools(): Promise<string[]>;
  resources(): Promise<string[]>;
  templates(): Promise<string[]>;
  prompts(): Promise<string[]>;
  call(name: string, args?: Record<string, unknown>): Promise<string>;
  read(uri: string): Promise<string>;
  prompt(name: string): Promise<string>;
  /** After a redirect to the issuer: goes on with what came back from there. */
  finishSignIn(callback: URLSearchParams): Promise<void>;
  close(): Promise<void>;
}

/** A token the client has, or the way to get one. */
export type Credential = string | OAuthClientProvider;

export interface SdkCase {
  readonly name: string;
  readonly era: 'modern' | 'legacy';
  /** Connects; rejects like the SDK does when it is refused. */
  connect(url: string, credential: Credential): Promise<SdkClient>;
}

const info = { name: 'e2e', version: '1' };
const textOf = (result: unknown): string => (result as { content: { text?: string }[] }).content[0]?.text ?? '';
const namesOf = (entries: readonly { name: string }[]): string[] => entries.map(({ name }) => name);

function transportOptions(credential: Credential): { requestInit?: RequestInit; authProvider?: OAuthClientProvider } {
  if (typeof credential === 'string') return { requestInit: { headers: { authorization: `Bearer ${credential}` } } };
  return { authProvider: credential };
}

async function connectModern(url: string, credential: Credential, mode: 'legacy' | { pin: string }): Promise<SdkClient> {
  const client = new ModernClient(info, { versionNegotiation: { mode } });
  const transport = new ModernTransport(new URL(url), transportOptions(credential));
  const finish = typeof credential === 'string' ? undefined : credential;
  await client.connect(transport).catch(async (error: unknown) => {
    if (finish === undefined) throw error;
    throw Object.assign(error as Error, { finishSignIn: (callback: URLSearchParams) => transport.finishAuth(callback) });
  });
  return {
    tools: async () => namesOf((await client.listTools()).tools),
    resources: async () => (await client.listResources()).resources.map(({ uri }) => uri),
    templates: async () => (await client.listResourceTemplates()).resourceTemplates.map(({ uriTemplate }) => uriTemplate),
    prompts: async () => namesOf((await client.listPrompts()).prompts),
    call: async (name, args = {}) => textOf(await client.callTool({ name, arguments: args })),
    read: async (uri) => String((await client.readResource({ uri })).contents[0]?.['text']),
    prompt: async (name) => JSON.stringify((await client.getPrompt({ name })).messages),
    finishSignIn: (callback) => transport.finishAuth(callback),
    close: () => client.close(),
  };
}
