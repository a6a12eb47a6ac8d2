import type { ExportedRecord } from '../export-sink.ts';
import { severityOf } from '../otlp/severity.ts';

/** What every message of a process says. */
export interface SyslogSource {
  /** RFC 5424 §6.2.1; 13 is "log audit". */
  readonly facility: number;
  readonly hostname: string;
}

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);
/** Severities of OpenTelemetry as those of syslog (RFC 5424 §6.2.1): error, warning, informational. */
const severities: ReadonlyMap<string, number> = new Map([
  ['ERROR', 3],
  ['WARN', 4],
]);

/**
 * A message of RFC 5424 in the octet-counted frame of RFC 6587 §3.4.1. The same record is the same bytes whenever it is sent: the process
 * id is the `boot` of the record, the time is the record's.
 *
 * The id of the structured data uses 32473, the number for documentation (RFC 5612): this project has none of its own.
 */
export function syslogMessage({ seq, record }: ExportedRecord, text: Buffer, source: SyslogSource): Buffer {
  const priority = source.facility * 8 + (severities.get(severityOf(record).severityText) ?? 6);
  const parameters: readonly (readonly [name: string, value: string | undefined])[] = [
    ['id', record.id],
    ['stream', record.stream],
    ['seq', String(seq)],
    ['call', record.call],
  ];
  const data = parameters.flatMap(([name, value]) => (value === undefined ? [] : [`${name}="${parameter(value)}"`]));
  const head = [
    `<${priority}>1`,
    timestamp(record.at),
    word(source.hostname, 255),
    'sallyport',
    word(record.boot, 128),
    word(record.type, 32),
    `[sallyport@32473 ${data.join(' ')}]`,
  ];
  const message = Buffer.concat([Buffer.from(`${head.join(' ')} `), ...(needsMark(text) ? [byteOrderMark] : []), text]);
  return Buffer.concat([Buffer.from(`${message.length} `), message]);
}

/**
 * RFC 5424 §6.4: text in UTF-8 begins with a byte order mark, unless it is ASCII. JSON goes without, as octets (MSG-ANY): it is UTF-8 by
 * itself, and RFC 8259 §8.1 forbids the mark, which parsers behind a receiver would stumble over.
 */
function needsMark(text: Buffer): boolean {
  return text[0] !== 0x7b && text.some((byte) => byte > 0x7f);
}

/** Printable ASCII without spaces, or `-` for nothing. */
function word(text: string, length: number): string {
  const cleaned = text.replaceAll(/[^!-~]/g, '_').slice(0, length);
  return cleaned === '' ? '-' : cleaned;
}

function timestamp(at: string): string {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?Z$/.test(at) ? at : '-';
}

/** RFC 5424 §6.3.3: quote, backslash and bracket are escaped. */
function parameter(value: string): string {
  return value.replaceAll(/[^ -~]/g, '_').replaceAll(/["\\\]]/g, '\\$&');
}
