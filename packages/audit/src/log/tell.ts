import type { Observer, ObserverEvent } from '@sallyport/core';

/** Tells an observer. An observer must not throw; if one does, the log goes on all the same. */
export function tell(observer: Observer, event: ObserverEvent): void {
  try {
    observer.emit(event);
  } catch {
    // There is nobody to tell.
  }
}
