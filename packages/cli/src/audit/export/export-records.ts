import { join } from 'node:path';
import { proveRecords } from '@sallyport/audit';
import { SetupError, type AuditRecord, type JsonObject } from '@sallyport/core';
import type { Output } from '../../terminal/output.ts';
import { csvRow } from '../columns/csv-row.ts';
import { readRows } from '../columns/read-rows.ts';
import { createLogFindings, type LogFindings } from '../log-findings.ts';
import { readLines } from '../read-lines.ts';
import type { RecordFilter } from '../record-filter.ts';
import type { ReadingResult } from '../reading/record-reading.ts';
import { ExportFile, type ExportSink, type WrittenFile } from './export-files.ts';
import type { ExportFormat } from './export-format.ts';
import { createExportWriter, type ExportWriter } from './export-writer.ts';
import { openParquet } from './parquet/parquet-target.ts';

export interface ExportRecordsOptions {
  readonly formats: readonly ExportFormat[];
  readonly filter: RecordFilter;
  /** Directory for the files; without it there is one format, and it goes to stdout. */
  readonly out?: string | undefined;
  /** A new file for a proof of the records. */
  readonly proof?: string | undefined;
}

/** The proof of one record has about a kilobyte. */
const maxProven = 100_000;

/**
 * Writes the records that a filter selects in one or several formats, with a proof that they stand in the log when that is asked for.
 * Files have their names when all of them are whole; an export that fails leaves none.
 *
 * @throws SetupError `ERR_CLI_USAGE` when a file exists already or can not be written, `ERR_AUDIT_DAMAGED` when there is no proof.
 */
export async function exportRecords(
  directory: string,
  options: ExportRecordsOptions,
  output: Output,
): Promise<ReadingResult> {
  const drafts: ExportFile[] = [];
  const findings = createLogFindings();
  let done: Exported;
  try {
    done = await exportTo(drafts, directory, options, findings, output);
  } catch (error) {
    // A directory that was made goes after what is in it.
    for (const draft of drafts.toReversed()) await draft.discard();
    throw error;
  }
  await tell(done, options, output);
  const { exported, total, proven, files } = done;
  const exitCode = findings.report(directory, output) ? 1 : 0;
  const written = files.map(({ name, sha256 }): JsonObject => ({ name, sha256 }));
  const facts = { formats: [...options.formats], records: exported, of: total, proof: proven };
  return { exitCode, facts: { ...facts, ...(written.length > 0 && { files: written }) } };
}

interface Exported {
  readonly files: readonly WrittenFile[];
  readonly exported: number;
  readonly total: number;
  /** Nothing to prove is no file. */
  readonly proven: boolean;
}

async function exportTo(
  drafts: ExportFile[],
  directory: string,
  { formats, filter, out, proof }: ExportRecordsOptions,
  findings: LogFindings,
  output: Output,
): Promise<Exported> {
  // Before anything is read: who waited for a large log should not hear then that a file is in the way.
  const create = async (path: string): Promise<ExportFile> => {
    const file = await ExportFile.create(path);
    drafts.push(file);
    return file;
  };
  const proofFile = proof === undefined ? undefined : await create(proof);
  const { parquetFile, targets } = await openTargets(formats, out, create, output);
  const reading = { stream: filter.stream, findings, output, label: 'exporting' };
  // Rows that nothing else is made of are made in the threads that read.
  const rowsOnly = formats.every((format) => format === 'parquet') && proof === undefined;
  const parquet = parquetFile === undefined ? undefined : await openParquet(parquetFile);
  const wanted = new Map<string, number[]>();
  let [total, exported] = [0, 0];
  const files: WrittenFile[] = [];
  try {
    const rows = rowsOnly ? await readRows(directory, filter, reading) : [];
    const lines = rowsOnly ? [] : await readLines(directory, filter, reading);
    for (const { writer, sink } of targets) await sink.write(writer.header);
    for await (const piece of rows) {
      total += piece.records;
      exported += piece.rows;
      await parquet?.write(piece.text);
    }
    for await (const piece of lines) {
      total += piece.records;
      exported += piece.rows.length;
      for (const line of piece.rows) {
        const record = JSON.parse(line) as AuditRecord;
        if (proof !== undefined) want(wanted, piece.stream, record.seq, exported);
        for (const { writer, sink } of targets) await sink.write(writer.see(record));
        await parquet?.write(csvRow(record));
      }
    }
    for (const { writer, sink } of targets) await sink.write(writer.finish());
    for (const { file } of targets) if (file !== undefined) files.push(await file.finish());
    if (parquet !== undefined) files.push(await parquet.finish());
  } finally {
    await parquet?.dispose();
  }
  const proven = proofFile !== undefined && exported > 0;
  if (proven) {
    await proofFile.write(`${JSON.stringify(await proveRecords(directory, { records: wanted }))}\n`);
    await proofFile.finish();
  } else await proofFile?.discard();
  for (const draft of drafts) if (proven || draft !== proofFile) await draft.publish();
  return { files, exported, total, proven };
}

interface Targets {
  readonly parquetFile: ExportFile | undefined;
  readonly targets: readonly Target[];
}

interface Target {
  readonly writer: ExportWriter;
  readonly file: ExportFile | undefined;
  readonly sink: ExportSink;
}

async function openTargets(
  formats: readonly ExportFormat[],
  out: string | undefined,
  create: (path: string) => Promise<ExportFile>,
  output: Output,
): Promise<Targets> {
  const targets: Target[] = [];
  let parquetFile: ExportFile | undefined;
  for (const format of formats) {
    if (format === 'parquet') {
      if (out !== undefined) parquetFile = await create(join(out, 'audit.parquet'));
      continue;
    }
    const writer = createExportWriter(format);
    const file = out === undefined ? undefined : await create(join(out, writer.file));
    targets.push({ writer, file, sink: file ?? { write: (text) => output.raw(text) } });
  }
  return { parquetFile, targets };
}

function want(wanted: Map<string, number[]>, stream: string, seq: number, count: number): void {
  if (count > maxProven) {
    throw new SetupError({
      code: 'ERR_CLI_USAGE',
      problem: `a proof file holds at most ${maxProven} records`,
      remedy:
        'select fewer with --since, --until, --subject, --tool or --decision; a checkpoint covers the whole log anyway',
    });
  }
  const list = wanted.get(stream);
  if (list === undefined) wanted.set(stream, [seq]);
  else list.push(seq);
}

async function tell(
  { files, exported, total, proven }: Exported,
  { out, proof }: ExportRecordsOptions,
  output: Output,
): Promise<void> {
  if (out !== undefined && output.json) await output.dataJson({ records: exported, of: total, directory: out, files });
  else if (out !== undefined) {
    const width = Math.max(...files.map(({ name }) => name.length));
    for (const { name, bytes, sha256 } of files) {
      await output.data(`${name.padEnd(width)}  ${bytes} bytes  sha256:${sha256}`);
    }
  }
  output.message(
    `${exported} of ${total} records exported${proof !== undefined && proven ? `, proof in ${proof}` : ''}`,
  );
}
