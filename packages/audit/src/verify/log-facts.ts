import { member, type AuditRecord, type JsonArray, type JsonValue } from '@sallyport/core';
import type { RecordRange } from './content-check.ts';
import type { SigningRotation } from './signer-check.ts';

/** What a record says about a file, or of a number. */
interface Said<Value> {
  readonly seq: number;
  readonly value: Value;
}

/** What the log says about itself: which unfinished ends it knows of, what it lost, what it deleted, which keys followed which. */
export class LogFacts {
  readonly rotations: SigningRotation[] = [];
  /** Files whose unfinished end a later record names. */
  readonly torn: Said<string>[] = [];
  /** Segments that a write failed on. */
  readonly abandoned: Said<string>[] = [];
  /** Numbers of the first record that retention kept. */
  readonly retained: Said<number>[] = [];
  /** Records that a start took over from a writer who had not signed them. */
  readonly unsigned: Said<RecordRange>[] = [];
  /** Records with which a writer closed the stream. */
  readonly stops: Set<number> = new Set();
  lost = 0;

  see(record: AuditRecord): void {
    const { detail, seq } = record;
    switch (record.type) {
      case 'audit.started': {
        for (const value of filesOf(member(detail, 'torn'))) this.torn.push({ seq, value });
        const unsigned = member(detail, 'unsigned');
        const value = { from: numberOf(member(unsigned, 'from')), to: numberOf(member(unsigned, 'to')) };
        if (value.from < value.to && value.to === seq) this.unsigned.push({ seq, value });
        break;
      }
      case 'audit.stopped':
        this.stops.add(seq);
        break;
      case 'audit.rotated': {
        for (const value of filesOf(member(detail, 'abandoned'))) this.abandoned.push({ seq, value });
        const retained = numberOf(member(detail, 'retainedFrom'));
        if (retained > 0) this.retained.push({ seq, value: retained });
        break;
      }
      case 'audit.gap':
        this.lost += numberOf(member(detail, 'count'));
        break;
      case 'audit.key_rotated':
        if (member(detail, 'kind') === 'signing') this.rotations.push(rotationOf(record));
        break;
      default:
    }
  }
}

function rotationOf({ seq, detail }: AuditRecord): SigningRotation {
  const textOf = (name: string): string | undefined => {
    const value = member(detail, name);
    return typeof value === 'string' ? value : undefined;
  };
  return { seq, from: textOf('old') ?? '', to: textOf('new') ?? '', newKey: textOf('newKey') };
}

function numberOf(value: JsonValue | undefined): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : 0;
}

/** The files that a list names, as strings or as members of objects. */
function filesOf(list: JsonValue | undefined): string[] {
  if (!isList(list)) return [];
  return list.map((item) => member(item, 'file') ?? item).filter((file) => typeof file === 'string');
}

function isList(value: JsonValue | undefined): value is JsonArray {
  return Array.isArray(value);
}
