import type { Passage } from '../passage/passage.ts';

/** A stream that somebody has to close. */
export interface OpenStream {
  readonly passage: Passage;
  readonly stop: () => void;
}

/** The passages whose handler has not answered yet, so that closing can wait for them. */
export interface InFlight {
  readonly closing: boolean;
  add(passage: Passage, stop: () => void): void;
  delete(passage: Passage): void;
  /** Those that end only when somebody closes them, and how. */
  openEnded(): readonly OpenStream[];
  /** Refuses new passages, then resolves when the last one is done or after `timeoutMs`, when the rest is stopped. */
  drain(timeoutMs: number): Promise<void>;
}

export function createInFlight(): InFlight {
  const passages = new Map<Passage, () => void>();
  let closing = false;
  let onEmpty: (() => void) | undefined;
  return {
    get closing() {
      return closing;
    },
    add(passage, stop) {
      passages.set(passage, stop);
    },
    delete(passage) {
      passages.delete(passage);
      if (passages.size === 0) onEmpty?.();
    },
    openEnded() {
      const streams: OpenStream[] = [];
      for (const [passage, stop] of passages) if (isOpenEnded(passage)) streams.push({ passage, stop });
      return streams;
    },
    async drain(timeoutMs) {
      closing = true;
      for (const [passage, stop] of passages) if (isOpenEnded(passage)) stop();
      if (passages.size === 0) return;
      const empty = new Promise<void>((resolve) => (onEmpty = resolve));
      const timer = setTimeout(() => {
        for (const stop of passages.values()) stop();
      }, timeoutMs);
      await empty;
      clearTimeout(timer);
    },
  };
}

/** Streams that end only when somebody closes them: a GET, and `subscriptions/listen`. */
export function isOpenEnded(passage: Passage): boolean {
  return passage.call === undefined || passage.call.method === 'subscriptions/listen';
}
