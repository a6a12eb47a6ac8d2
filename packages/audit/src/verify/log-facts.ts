import { member, type AuditRecord, type JsonArray, type JsonValue } from '@sallyport/core';
import type { SigningRotation } from './signer-check.ts';

/** What the log says about itself: which unfinished ends it knows of, what it lost, what it deleted, which keys followed which. */
export class LogFacts {
  readonly rotations: SigningRotation[] = [];
  /** Files whose unfinished end a later record names. */
  readonly torn: Set<string> = new Set();
  /** Segments that a write failed on. */
  readonly abandoned: Set<string> = new Set();
  /** Number of the first record that retention kept. */
  retainedFrom = 0;
  lost = 0;

  see(record: AuditRecord): void {
    const { detail } = record;
    switch (record.type) {
      case 'audit.started':
        for (const file of filesOf(member(detail, 'torn'))) this.torn.add(file);
        break;
      case 'audit.rotated':
        for (const file of filesOf(member(detail, 'abandoned'))) this.abandoned.add(file);
        this.retainedFrom = Math.max(this.retainedFrom, numberOf(member(detail, 'retainedFrom')));
        break;
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
