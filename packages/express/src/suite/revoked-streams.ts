import { logEvent } from '@sallyport/core';
import type { Runtime } from './runtime.ts';

/** How often open streams are checked against revocations that came from elsewhere. */
const sweepMs = 1_000;

/**
 * Closes the streams that stay open until somebody ends them (GET, `subscriptions/listen`) and whose token was revoked. A call that runs
 * ends as it would: it was allowed when it began. While nobody can say what is revoked, streams stay as they are.
 */
export async function closeRevokedStreams({ inFlight, revocations, log }: Runtime): Promise<void> {
  for (const { passage, stop } of inFlight.openEnded()) {
    if (!passage.principal) continue;
    try {
      if (!(await revocations.list.isRevoked(passage.principal))) continue;
    } catch (error) {
      logEvent(log, 'sallyport.revocation.streams_unchecked', { error });
      return;
    }
    passage.closedFor = 'revoked';
    stop();
  }
}

/** Checks open streams once a second, whoever revoked. Gives the way to stop it. */
export function watchRevokedStreams(runtime: Runtime): () => void {
  let running = false;
  const timer = setInterval(() => {
    if (running) return;
    running = true;
    void closeRevokedStreams(runtime).finally(() => {
      running = false;
    });
  }, sweepMs);
  timer.unref();
  return () => clearInterval(timer);
}
