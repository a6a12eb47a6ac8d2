import { context, type Context } from '@opentelemetry/api';

/** Runs `fn` in a context; when the context manager fails before it gets to `fn`, without. Errors of `fn` pass. */
export function runIn<T>(target: () => Context, fn: () => T): T {
  let entered = false;
  try {
    return context.with(target(), () => {
      entered = true;
      return fn();
    });
  } catch (error) {
    if (entered) throw error;
    return fn();
  }
}
