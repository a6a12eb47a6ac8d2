import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import type { HeadlessSignIn } from './headless-sign-in.ts';
import type { ObservedFetch } from './observed-fetch.ts';
import type { StoryClient } from './story.ts';

/** A 2026-07-28 client: every request stands alone. */
export function createModernClient(url: URL, signIn: HeadlessSignIn, observed: ObservedFetch): StoryClient {
  const transport = (): StreamableHTTPClientTransport =>
    new StreamableHTTPClientTransport(url, { authProvider: signIn.provider, fetch: observed.fetch });
  const newClient = (): Client =>
    new Client({ name: 'demo-modern', version: '1.0.0' }, { versionNegotiation: { mode: 'auto' } });
  let client = newClient();
  let current = transport();
  return {
    async connect() {
      current = transport();
      client = newClient();
      await client.connect(current);
    },
    finishSignIn: (callback) => current.finishAuth(callback),
    toolNames: async () => (await client.listTools()).tools.map(({ name }) => name),
    async call(name, args) {
      const result = await client.callTool({ name, arguments: args });
      const [first] = result.content as { text?: string }[];
      return first?.text ?? '';
    },
    close: () => client.close(),
  };
}
