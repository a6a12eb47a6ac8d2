import type { Authenticator } from '@sallyport/token';

import { bearer } from '../token-checks/guard-subjects.ts';

/** Tokens that are checked at the same time, as a server has them. */
const atOnce = 16;

/** Presents so many tokens and says what was wrong with the first outcome that is not the refusal expected. */
export async function runFlood(
  authenticator: Pick<Authenticator, 'authenticate'>,
  nextToken: () => string,
  count: number,
  reason: string,
): Promise<string | undefined> {
  for (let done = 0; done < count; done += atOnce) {
    const length = Math.min(atOnce, count - done);
    const seen = await Promise.all(Array.from({ length }, () => refusalOf(authenticator, nextToken())));
    const wrong = seen.find((one) => one !== reason);
    if (wrong !== undefined) return `expected a refusal for ${reason}, seen ${wrong}`;
  }
  return undefined;
}

async function refusalOf(authenticator: Pick<Authenticator, 'authenticate'>, token: string): Promise<string> {
  try {
    await authenticator.authenticate(bearer(token));
    return 'an accepted token';
  } catch (error) {
    return String((error as { reason?: unknown }).reason ?? error);
  }
}
