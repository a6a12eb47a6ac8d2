import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  parseCheckpoint,
  parseNote,
  type HeldCheckpoint,
  type VerifyCheckpoint,
  type VerifyReport,
} from '@sallyport/audit';
import type { LogFindings } from '../log-findings.ts';
import type { Evidence } from '../verify/read-evidence.ts';
import { countRecords } from './figures/count-records.ts';
import type { AuditReport, ReportCheckpoint } from './report-model.ts';
import { verifyBeside } from './verify-beside.ts';

export interface MakeReportOptions {
  readonly title?: string | undefined;
  readonly sinceMs?: number | undefined;
  readonly untilMs?: number | undefined;
  readonly stream?: string | undefined;
  readonly evidence: Evidence;
  readonly madeAtMs: number;
  readonly madeBy: AuditReport['madeBy'];
  readonly madeWith: string;
  /** Told what could not be read for the figures. */
  readonly findings: LogFindings;
  readonly onProgress: (doneBytes: number, allBytes: number) => void;
}

/**
 * Reads and verifies a log for a report.
 *
 * @throws SetupError `ERR_AUDIT_DIRECTORY` when the directory can not be read or holds no log, `ERR_AUDIT_KEY`.
 */
export async function makeReport(directory: string, options: MakeReportOptions): Promise<AuditReport> {
  const { sinceMs, untilMs, stream, evidence, madeAtMs, madeBy, madeWith, findings, onProgress } = options;
  const only = stream === undefined ? {} : { stream };
  const progress = shared(onProgress);
  const [verification, { read, figures }] = await Promise.all([
    verifyBeside(directory, { ...evidence, ...only, onProgress: progress() }),
    countRecords(directory, { sinceMs, untilMs, ...only, findings, onProgress: progress() }),
  ]);
  const checkpoints = await checkpointsOf(directory, verification, evidence.checkpoints);
  const origins = [...new Set(checkpoints.map(({ origin }) => origin))];
  return {
    title: options.title ?? titleOf(origins),
    madeAt: new Date(madeAtMs).toISOString(),
    madeBy,
    madeWith,
    directory,
    origins,
    asked: {
      ...(sinceMs !== undefined && { since: new Date(sinceMs).toISOString() }),
      ...(untilMs !== undefined && { until: new Date(untilMs).toISOString() }),
      ...only,
    },
    figures,
    read,
    unread: findings.damage(),
    verification,
    given: {
      keys: evidence.keys.length,
      checkpoints: evidence.checkpoints.length,
      witnesses: evidence.witnesses.length,
    },
    checkpoints,
  };
}

/** The log is read twice: the progress of both together. Each call gives the way to tell that of one. */
function shared(onProgress: MakeReportOptions['onProgress']): () => MakeReportOptions['onProgress'] {
  const all: [done: number, all: number][] = [];
  return () => {
    const own: [number, number] = [0, 0];
    all.push(own);
    return (done, of) => {
      [own[0], own[1]] = [done, of];
      const bytes = Math.max(...all.map(([, size]) => size)) * all.length;
      onProgress(
        all.reduce((sum, [part]) => sum + part, 0),
        bytes,
      );
    };
  };
}

/** `<audit.origin>/<stream>`: what the streams have in common. */
function titleOf(origins: readonly string[]): string {
  const servers = new Set(origins.map((origin) => origin.slice(0, Math.max(0, origin.lastIndexOf('/')))));
  const [only] = servers;
  return servers.size === 1 && only !== undefined && only !== '' ? only : 'MCP server';
}

async function checkpointsOf(
  directory: string,
  { streams }: VerifyReport,
  held: readonly HeldCheckpoint[],
): Promise<ReportCheckpoint[]> {
  const all = streams.flatMap(({ stream, checkpoint, external }) =>
    [checkpoint, external].filter((one) => one !== undefined).map((one) => ({ stream, ...one })),
  );
  return Promise.all(
    all.map(async (checkpoint) => {
      const texts = checkpoint.external
        ? held.filter(({ source }) => source === checkpoint.source).map(({ note }) => textOf(note))
        : [await readFile(join(directory, checkpoint.source), 'utf8').catch(() => '')];
      const note = texts.find((text) => isNoteOf(text, checkpoint));
      return { ...checkpoint, ...(note !== undefined && { note }) };
    }),
  );
}

function textOf(note: string | Uint8Array): string {
  return typeof note === 'string' ? note : Buffer.from(note).toString('utf8');
}

/** A file may have been replaced since it was verified. */
function isNoteOf(note: string, { origin, size, root }: VerifyCheckpoint): boolean {
  try {
    const checkpoint = parseCheckpoint(parseNote(note).text);
    return (
      checkpoint.origin === origin &&
      checkpoint.size === size &&
      Buffer.from(checkpoint.root).toString('base64') === root
    );
  } catch {
    return false;
  }
}
