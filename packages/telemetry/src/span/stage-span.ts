import { SpanKind, SpanStatusCode, type Attributes, type Context, type HrTime, type Tracer } from '@opentelemetry/api';
import type { CallStage } from '@sallyport/core';

/** Makes the span of a part of a call that is over. `at` turns milliseconds since the arrival of the request into a time. */
export function makeStageSpan(tracer: Tracer, stage: CallStage, parent: Context, at: (ms: number) => HrTime): void {
  const span = tracer.startSpan(
    `sallyport.${stage.name}`,
    { kind: SpanKind.INTERNAL, startTime: at(stage.fromMs), attributes: stageAttributes(stage) },
    parent,
  );
  if (stage.name === 'audit' && !stage.ok) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end(at(stage.toMs));
}

function stageAttributes(stage: CallStage): Attributes {
  switch (stage.name) {
    case 'authenticate':
      return {};
    case 'authorize':
      return {
        'sallyport.effect': stage.effect,
        'sallyport.enforced': stage.enforced,
        ...(stage.reason !== undefined && { 'sallyport.reason': stage.reason }),
      };
    case 'audit':
      return {
        'sallyport.audit.record': stage.record,
        'sallyport.audit.wait': Math.round(stage.waitMs * 1000) / 1e6,
        ...(!stage.ok && { 'error.type': 'audit_unavailable' }),
      };
  }
}
