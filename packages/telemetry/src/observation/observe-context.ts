import { context, trace, type Context } from '@opentelemetry/api';
import type { CallObservation, CallStart } from '@sallyport/core';
import { callContext, withBaggage, type RemoteParent } from '../trace/call-context.ts';
import { runIn } from '../trace/run-in.ts';

/**
 * Observes a call without a span of its own, for a host whose instrumentation makes one: the handler runs in the context of the caller,
 * and the audit log gets the ids of the span that is active there.
 */
export function observeContext(start: CallStart, remoteParent: RemoteParent): CallObservation {
  const { parentSpan, passedOn } = callContext(start.call.message, remoteParent);
  const { span } = passedOn;
  const inside = (): Context => {
    const around = withBaggage(context.active(), passedOn);
    return span === undefined ? around : trace.setSpanContext(around, span);
  };
  return {
    ...(parentSpan !== undefined && {
      trace: { traceId: parentSpan.traceId, spanId: parentSpan.spanId },
      traceFlags: parentSpan.traceFlags,
    }),
    run: (fn) => runIn(inside, fn),
    end: () => undefined,
  };
}
