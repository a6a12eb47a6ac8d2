import { trace } from '@opentelemetry/api';
import type { EventHandlers } from '../metrics/event-handlers.ts';

/**
 * Puts `sallyport.reason` on the span of the host that a refused request runs in, such as that of its HTTP instrumentation. A request
 * that is refused before its method was read has no other span: it is no MCP operation, and whoever can send nonsense can not make us
 * send spans.
 */
export const noteRefusal: EventHandlers = {
  'request.refused'({ reason }) {
    const span = trace.getActiveSpan();
    if (span?.isRecording() === true) span.setAttribute('sallyport.reason', reason);
  },
};
