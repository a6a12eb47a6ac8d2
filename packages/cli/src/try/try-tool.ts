import type { JsonObject } from '@sallyport/core';
import type { Output } from '../terminal/output.ts';
import { callTool } from './call-tool.ts';
import { createDiscoveryFetch } from './discovery-fetch.ts';
import { publishedRule } from './published-rule.ts';
import { readTokenFile } from './read-token-file.ts';
import { signIn } from './sign-in.ts';
import { tellAllowed, tellRefused, tellRejected } from './tell-answer.ts';
import { errorWithoutToken, withoutToken } from './without-token.ts';

export interface TryToolOptions {
  readonly tool: string;
  readonly endpoint: URL;
  readonly args: JsonObject;
  readonly user: string | undefined;
  /** Scopes to ask for at the sign-in; absent: those the published card names for the tool, else those of a first sign-in. */
  readonly scopes: readonly string[] | undefined;
  readonly tokenFile: string | undefined;
  /** Milliseconds until the answer of the tool must be there. */
  readonly timeoutMs: number;
  readonly version: string;
}

/**
 * Calls a tool as somebody and says whether that was allowed. Resolves to the exit code: 0 allowed, 1 denied, 2 not decided.
 *
 * @throws SetupError when the call could not be made.
 */
export async function tryTool(options: TryToolOptions, output: Output): Promise<number> {
  const { tool, endpoint, args, user, tokenFile, timeoutMs, version } = options;
  const fetchFn = createDiscoveryFetch();
  const fromFile = tokenFile === undefined ? undefined : await readTokenFile(tokenFile);
  const published = await publishedRule(endpoint, tool, fetchFn);
  const scopes = options.scopes ?? published?.scopes;
  const signedIn = user === undefined ? undefined : await signIn({ endpoint, user, scopes, fetchFn });
  const token = signedIn?.token ?? fromFile;
  const safe = withoutToken(output, token);
  if (signedIn !== undefined) {
    safe.message(
      `signed in as ${String(user)} at ${signedIn.issuer}, granted: ${signedIn.granted.join(' ') || 'no scopes'}`,
    );
  }
  const answer = await callTool({ endpoint, tool, args, token, timeoutMs, version }).catch((error: unknown) => {
    throw errorWithoutToken(error, token);
  });
  const attempt = { tool, endpoint, user, signedIn, withToken: token !== undefined, rule: published?.rule };
  switch (answer.kind) {
    case 'allowed':
      return tellAllowed(answer, attempt, safe);
    case 'rejected':
      return tellRejected(answer, attempt, safe);
    case 'refused':
      return tellRefused(answer, attempt, safe);
  }
}
