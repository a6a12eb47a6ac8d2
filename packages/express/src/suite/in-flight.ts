import type { Passage } from '../passage/passage.ts';

/** Ends a request: its stream, if it has one, as a stream ends; with `now` its connection. */
export type Stop = (now: boolean) => void;

/** The requests that are under way, from their arrival to the end of their answer, so that closing can wait for them. */
export interface InFlight {
  readonly closing: boolean;
  /** How many there are. */
  readonly size: number;
  /**
   * Adding a passage again replaces how it is stopped.
   *
   * @param endless it ends only when somebody ends it, so closing does not wait for it
   */
  add(passage: Passage, stop: Stop, endless?: boolean): void;
  delete(passage: Passage): void;
  /** Those that end only when somebody ends them, and how. */
  openEnded(): readonly { readonly passage: Passage; readonly stop: () => void }[];
  /** Refuses new passages, then resolves when the last one is done; after `timeoutMs` the rest is cut off. */
  drain(timeoutMs: number): Promise<void>;
}

export function createInFlight(): InFlight {
  const passages = new Map<Passage, { readonly stop: Stop; readonly endless: boolean }>();
  let closing = false;
  let onEmpty: (() => void) | undefined;
  return {
    get closing() {
      return closing;
    },
    get size() {
      return passages.size;
    },
    add(passage, stop, endless = false) {
      passages.set(passage, { stop, endless });
      if (closing && endless) stop(false);
    },
    delete(passage) {
      passages.delete(passage);
      if (passages.size === 0) onEmpty?.();
    },
    openEnded() {
      return [...passages]
        .filter(([, { endless }]) => endless)
        .map(([passage, { stop }]) => ({ passage, stop: () => stop(false) }));
    },
    async drain(timeoutMs) {
      closing = true;
      for (const { stop, endless } of passages.values()) if (endless) stop(false);
      if (passages.size === 0) return;
      const empty = new Promise<void>((resolve) => (onEmpty = resolve));
      const timer = setTimeout(() => {
        for (const { stop } of passages.values()) stop(true);
      }, timeoutMs);
      await empty;
      clearTimeout(timer);
    },
  };
}
