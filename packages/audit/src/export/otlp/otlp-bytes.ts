import { setImmediate } from 'node:timers/promises';
import type { JsonLogsSerializer } from '@opentelemetry/otlp-transformer';
import { ownVersion } from '../../format/own-version.ts';
import type { ExportBatch, ExportedRecord } from '../export-sink.ts';
import type { FlatAttributes } from './flat-attributes.ts';
import { toLogFacts } from './log-facts.ts';

export type OtlpFormat = 'json' | 'protobuf';

/** What OTLP says about where records come from. */
export type ResourceAttributes = Readonly<Record<string, string>>;

/** Turns a batch into an `ExportLogsServiceRequest`. */
export type OtlpEncoder = (batch: ExportBatch) => Promise<Uint8Array>;

type Serializer = Pick<typeof JsonLogsSerializer, 'serializeRequest'>;
type ReadableLogRecord = Parameters<Serializer['serializeRequest']>[0][number];

/** Records that are turned into bytes at once; more would hold the event loop. */
const chunkRecords = 16;

/** Loads the serializer, which is large, only for those who export. */
export async function createOtlpEncoder(format: OtlpFormat, resource: ResourceAttributes): Promise<OtlpEncoder> {
  const otlp = await import('@opentelemetry/otlp-transformer');
  const serializer: Serializer = format === 'json' ? otlp.JsonLogsSerializer : otlp.ProtobufLogsSerializer;
  const join = format === 'json' ? joinJson : joinProtobuf;
  const instrumentationScope = { name: '@sallyport/audit', version: ownVersion() };
  return async (batch) => {
    const copy = batch.copy === undefined ? {} : { 'audit.copy': batch.copy };
    const place = { attributes: { ...resource, 'audit.stream': batch.stream, ...copy } };
    const chunks: Uint8Array[] = [];
    for (let from = 0; from < batch.records.length; from += chunkRecords) {
      if (from > 0) await setImmediate();
      const records = batch.records.slice(from, from + chunkRecords);
      const readable = records.map((item) => ({ ...toReadable(item), resource: place, instrumentationScope }));
      // Of a resource only the attributes are read; the type asks for a class.
      chunks.push(serializer.serializeRequest(readable as unknown as ReadableLogRecord[]) ?? new Uint8Array());
    }
    return join(chunks);
  };
}

interface ReadableFacts {
  readonly hrTime: [number, number];
  readonly hrTimeObserved: [number, number];
  readonly severityNumber: number;
  readonly severityText: string;
  readonly eventName: string;
  readonly body: string;
  readonly attributes: FlatAttributes;
  readonly droppedAttributesCount: number;
  readonly spanContext?: { readonly traceId: string; readonly spanId: string; readonly traceFlags: number };
}

function toReadable({ record, line }: ExportedRecord): ReadableFacts {
  const { timeMs, span, eventName, severityNumber, severityText, attributes } = toLogFacts(record);
  const time: [number, number] = [Math.floor(timeMs / 1000), (timeMs % 1000) * 1_000_000];
  return {
    hrTime: time,
    // The same, and not the time of sending: a record that is sent twice is the same bytes twice.
    hrTimeObserved: time,
    severityNumber,
    severityText,
    eventName,
    body: line.toString('utf8'),
    attributes,
    droppedAttributesCount: 0,
    ...(span !== undefined && { spanContext: { ...span, traceFlags: 0 } }),
  };
}

const prefix = Buffer.from('{"resourceLogs":[');
const suffix = Buffer.from(']}');
const comma = Buffer.from(',');

/** Messages of protobuf become one by writing one after the other. */
function joinProtobuf(chunks: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(chunks);
}

/** In JSON the lists have to be joined. */
function joinJson(chunks: readonly Uint8Array[]): Uint8Array {
  const parts: Uint8Array[] = [prefix];
  for (const [index, chunk] of chunks.entries()) {
    const whole = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    if (!whole.subarray(0, prefix.length).equals(prefix) || !whole.subarray(-suffix.length).equals(suffix))
      throw new Error('the OTLP serializer writes another form of JSON than expected');
    if (index > 0) parts.push(comma);
    parts.push(whole.subarray(prefix.length, -suffix.length));
  }
  parts.push(suffix);
  return Buffer.concat(parts);
}
