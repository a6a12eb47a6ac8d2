import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { HeadlessSignIn } from './headless-sign-in.ts';
import type { ObservedFetch } from './observed-fetch.ts';
import type { StoryClient } from './story.ts';

/** A 2025-era client: initialize first, then requests. */
export function createLegacyClient(url: URL, signIn: HeadlessSignIn, observed: ObservedFetch): StoryClient {
  const transport = (): StreamableHTTPClientTransport =>
    new StreamableHTTPClientTransport(url, { authProvider: signIn.provider, fetch: observed.fetch });
  const newClient = (): Client => new Client({ name: 'demo-legacy', version: '1.0.0' });
  let client = newClient();
  let current = transport();
  return {
    async connect() {
      current = transport();
      client = newClient();
      await client.connect(current);
    },
    finishSignIn: (callback) => current.finishAuth(callback.get('code') ?? ''),
    toolNames: async () => (await client.listTools()).tools.map(({ name }) => name),
    async call(name, args) {
      const result = await client.callTool({ name, arguments: args });
      const [first] = result.content as { text?: string }[];
      return first?.text ?? '';
    },
    close: () => client.close(),
  };
}
