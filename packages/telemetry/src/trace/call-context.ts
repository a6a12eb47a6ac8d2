import {
  context,
  isSpanContextValid,
  propagation,
  trace,
  type Context,
  type Link,
  type SpanContext,
} from '@opentelemetry/api';
import type { JsonObject } from '@sallyport/core';
import { remoteContext, type RemoteContext } from './remote-context.ts';

/**
 * What the context in `params._meta` is to a call. `parent`: the caller's span is the parent, as the conventions ask for by default, and
 * the handler has the caller's baggage. `link`: the caller's span is only linked. `ignore`: it is not read.
 */
export type RemoteParent = 'parent' | 'link' | 'ignore';

/** Where a call belongs. */
export interface CallContext {
  /** The parent of what observes the call. */
  readonly parent: Context;
  /** The span in it, whosever it is. */
  readonly parentSpan: SpanContext | undefined;
  readonly links: readonly Link[];
  /** What of the caller's context is to be in the handler's. */
  readonly passedOn: RemoteContext;
}

const nothing: RemoteContext = {};

/** The context of the host, in which the request runs, and what the caller says about its own. */
export function callContext(message: JsonObject, remoteParent: RemoteParent): CallContext {
  const ambient = context.active();
  const ambientSpan = validSpan(ambient);
  const remote = remoteParent === 'ignore' ? nothing : remoteContext(message);
  if (remoteParent !== 'parent') {
    const links = remote.span === undefined ? [] : [{ context: remote.span }];
    return { parent: ambient, parentSpan: ambientSpan, links, passedOn: nothing };
  }
  if (remote.span === undefined) return { parent: ambient, parentSpan: ambientSpan, links: [], passedOn: remote };
  return {
    parent: trace.setSpanContext(ambient, remote.span),
    parentSpan: remote.span,
    links: ambientSpan === undefined ? [] : [{ context: ambientSpan }],
    passedOn: remote,
  };
}

/** A context with the caller's baggage instead of its own, when there is some. */
export function withBaggage(to: Context, { baggage }: RemoteContext): Context {
  return baggage === undefined ? to : propagation.setBaggage(to, baggage);
}

function validSpan(of: Context): SpanContext | undefined {
  const found = trace.getSpanContext(of);
  return found !== undefined && isSpanContextValid(found) ? found : undefined;
}
