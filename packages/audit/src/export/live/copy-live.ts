import { ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { errorText } from '../../log/error-code.ts';
import type { SegmentedAuditLog } from '../../log/segmented-audit-log.ts';
import type { ExportContext } from '../export-one-stream.ts';
import type { ExportedRecord } from '../export-sink.ts';
import { toLogFacts } from '../otlp/log-facts.ts';
import { StreamReader } from '../stream-reader.ts';
import { TroubleLog } from '../trouble-log.ts';
import type { LiveLogger, LiveLogRecord } from './live-logger.ts';

/** Small, because a logger does its work at once. */
const limits = { records: 64, bytes: 256 * 1024 };

/** Hands every record of this process to a logger once it is durable. What the logger throws or loses is lost. */
export async function copyLive(
  options: Pick<ExportContext, 'directory' | 'timing' | 'pause' | 'log'> & {
    readonly audit: SegmentedAuditLog;
    readonly logger: LiveLogger;
  },
  signal: AbortSignal,
): Promise<boolean> {
  const { audit, logger, directory, timing, pause, log } = options;
  const { stream, firstSeq } = audit;
  const trouble = new TroubleLog(log, { stream, export: 'live' });
  const confirmed = (): number => audit.confirmed();
  const reader = new StreamReader({
    directory,
    stream,
    seq: firstSeq,
    confirmed,
    ownFrom: () => firstSeq,
    onDamage: () => undefined,
  });
  const hand = (item: ExportedRecord): void => {
    try {
      logger.emit(toLiveRecord(item));
    } catch (error) {
      trouble.say('sallyport.audit.export.live_failed', errorText(error));
    }
  };
  try {
    while (!signal.aborted) {
      try {
        const records = await reader.next(limits);
        for (const item of records) hand(item);
        if (records.length > 0) continue;
      } catch (error) {
        trouble.say('sallyport.audit.export.log_unreadable', errorText(error));
      }
      if (pause.hurried) return true;
      await pause.wait(timing.pollMs, signal);
    }
    return true;
  } finally {
    await reader.close();
  }
}

function toLiveRecord(item: ExportedRecord): LiveLogRecord {
  const { eventName, timeMs, severityNumber, severityText, attributes, span } = toLogFacts(item.record);
  return {
    eventName,
    timestamp: timeMs,
    severityNumber,
    severityText,
    body: item.line.toString('utf8'),
    attributes,
    ...(span !== undefined && { context: trace.setSpanContext(ROOT_CONTEXT, { ...span, traceFlags: 1 }) }),
  };
}
