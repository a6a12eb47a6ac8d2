import type { Observer, ObserverEvent } from './observer.ts';

/** Tells an observer. An observer must not throw; if one does, what it watches goes on all the same. */
export function tell(observer: Observer, event: ObserverEvent): void {
  try {
    observer.emit(event);
  } catch {
    // There is nobody to tell.
  }
}
