import type { HeadlessSignIn } from './headless-sign-in.ts';
import type { ObservedFetch } from './observed-fetch.ts';
import { allowed, denied, tell } from './teller.ts';

/** What the story needs of a client, whichever SDK it is from. */
export interface StoryClient {
  connect(): Promise<void>;
  /** Exchanges the code of the last callback for a token. */
  finishSignIn(callback: URLSearchParams): Promise<void>;
  toolNames(): Promise<string[]>;
  /** The text a tool answered. Rejects when the call is refused. */
  call(name: string, args: Record<string, unknown>): Promise<string>;
  close(): Promise<void>;
}

/** Signs in, calls a tool, is refused another, steps up, and calls one that does not exist. */
export async function tellStory(client: StoryClient, signIn: HeadlessSignIn, observed: ObservedFetch): Promise<void> {
  await refused(() => client.connect());
  tell('connects without a token', denied(observed.refusal()));
  await client.finishSignIn(signIn.callback());
  tell('signs in as alice', `granted ${signIn.granted()}`);
  await client.connect();
  tell('lists the tools', (await client.toolNames()).join(', '));
  tell('calls read-note', allowed(await client.call('read-note', { id: '1' })));
  const note = { id: '2', text: 'Buy milk.' };
  await refused(() => client.call('write-note', note));
  tell('calls write-note', denied(observed.refusal()));
  await client.finishSignIn(signIn.callback());
  tell('steps up', `granted ${signIn.granted()}`);
  tell('calls write-note again', allowed(await client.call('write-note', note)));
  const error = await refused(() => client.call('no-such-tool', {}));
  tell('calls no-such-tool', denied(error.message.split('\n', 1)[0] ?? ''));
  await client.close();
}

/** The error of something that must not succeed. */
async function refused(attempt: () => Promise<unknown>): Promise<Error> {
  try {
    await attempt();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('this must have been refused, and was not');
}
