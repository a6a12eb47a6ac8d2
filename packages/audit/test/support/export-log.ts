import { randomUUID } from 'node:crypto';
import {
  createRecordBuilder,
  createKeyedHash,
  type AuditEntry,
  type AuditStatus,
  type ObserverEvent,
} from '@sallyport/core';
import { onTestFinished, vi } from 'vitest';
import type { ExportTiming } from '../../src/export/export-timing.ts';
import type { ExportTarget } from '../../src/export/run-target.ts';
import {
  startAuditExportWith,
  type AuditExport,
  type StartAuditExportOptions,
} from '../../src/export/start-audit-export.ts';
import type { SegmentedAuditLog } from '../../src/log/segmented-audit-log.ts';
import { packRecord } from '../../src/segment/record-line.ts';
import { nodeSegmentFileSystem } from '../../src/segment/segment-file-system.ts';
import { SegmentStore } from '../../src/segment/segment-store.ts';
import { temporaryDirectory } from './temporary-directory.ts';

/** A log with nothing between it and its segments, so that a test decides what is durable and where a segment ends. */
export class ExportLog implements SegmentedAuditLog {
  readonly directory: string;
  readonly stream: string;
  readonly firstSeq: number;
  readonly store: SegmentStore;
  /** Records from here on are not acknowledged yet; by default everything that is durable is. */
  held: number = Number.MAX_SAFE_INTEGER;
  readonly #build: (entry: AuditEntry) => ReturnType<typeof packRecord>;

  constructor(directory: string, stream: string, nextSeq = 0) {
    this.directory = directory;
    this.stream = stream;
    this.firstSeq = nextSeq;
    const builder = createRecordBuilder({
      stream,
      hash: createKeyedHash(new Uint8Array(32).fill(7)),
      level: 'metadata',
    });
    this.#build = (entry) => packRecord(builder.build(entry, 0));
    this.store = new SegmentStore({ directory, stream, nextSeq, fileSystem: nodeSegmentFileSystem });
  }

  static async create(stream = 'pod-a'): Promise<ExportLog> {
    return new ExportLog(await temporaryDirectory(), stream);
  }

  confirmed(): number {
    return Math.min(this.held, this.store.nextSeq);
  }

  /** A new segment with so many records. */
  async rotate(count = 1): Promise<void> {
    await this.store.begin(Array.from({ length: count }, () => this.#build(decision())));
  }

  async write(count: number, entry: () => AuditEntry = decision): Promise<void> {
    await this.store.append(Array.from({ length: count }, () => this.#build(entry())));
  }

  append(entry: AuditEntry): Promise<void> {
    return this.store.append([this.#build(entry)]);
  }

  status(): AuditStatus {
    return { writable: true, gap: 0 };
  }

  close(): Promise<void> {
    return this.store.close();
  }
}

export function decision(): AuditEntry {
  return {
    type: 'mcp.decision',
    call: randomUUID(),
    mcp: { method: 'tools/call', requestId: 1, protocolVersion: '2026-07-28' },
    target: { kind: 'tool', name: 'read-note' },
    decision: { effect: 'allow', rule: 'tools.read-note', requiredScopes: ['notes:read'] },
    arguments: { id: '12' },
  };
}

/** Waits in milliseconds, where an operator waits in seconds. */
const fastTiming: ExportTiming = {
  limits: { records: 64, bytes: 64 * 1024 },
  pollMs: 5,
  saveMs: 0,
  searchMs: 20,
  lagMs: 10,
  retry: { firstMs: 2, lastMs: 20 },
  misconfigured: { firstMs: 5, lastMs: 20 },
};

export interface RunningExport extends AuditExport {
  readonly events: ObserverEvent[];
  readonly said: { readonly level: string; readonly message: string; readonly facts: Record<string, unknown> }[];
}

/** Starts exports that end with the test. */
export function startExport(
  audit: SegmentedAuditLog,
  exports: readonly ExportTarget[],
  options: Partial<StartAuditExportOptions> & { readonly timing?: Partial<ExportTiming> } = {},
): RunningExport {
  const events: ObserverEvent[] = [];
  const said: { level: string; message: string; facts: Record<string, unknown> }[] = [];
  const { timing, ...rest } = options;
  const say = (level: string) => (facts: object, message: string) =>
    void said.push({ level, message, facts: facts as Record<string, unknown> });
  const running = startAuditExportWith(
    {
      audit,
      exports,
      log: { info: say('info'), warn: say('warn'), error: say('error') },
      observer: {
        startCall: () => ({ run: (fn) => fn(), end: () => undefined }),
        emit: (event) => void events.push(event),
      },
      ...rest,
    },
    { ...fastTiming, ...timing },
  );
  onTestFinished(() => running.close({ timeoutMs: 0 }).then(() => undefined));
  return { ...running, events, said };
}

/** Waits for something to become true; fails after ten seconds. */
export function eventually(check: () => void | Promise<void>): Promise<void> {
  return vi.waitFor(check, { timeout: 10_000, interval: 5 });
}
