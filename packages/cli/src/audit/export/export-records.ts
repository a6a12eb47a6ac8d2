import { proveRecords } from '@sallyport/audit';
import { SetupError, type AuditRecord, type JsonObject } from '@sallyport/core';
import type { Output } from '../../terminal/output.ts';
import { csvRow } from '../columns/csv-row.ts';
import { readRows } from '../columns/read-rows.ts';
import { createLogFindings } from '../log-findings.ts';
import { writeNew } from '../prove/prove.ts';
import { readLines } from '../read-lines.ts';
import type { RecordFilter } from '../record-filter.ts';
import type { ReadingResult } from '../reading/record-reading.ts';
import { ExportFile, type ExportSink, type WrittenFile } from './export-files.ts';
import type { ExportFormat } from './export-format.ts';
import { createExportWriter } from './export-writer.ts';
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
 *
 * @throws SetupError `ERR_CLI_USAGE` when a file exists already or can not be written, `ERR_AUDIT_DAMAGED` when there is no proof.
 */
export async function exportRecords(
  directory: string,
  options: ExportRecordsOptions,
  output: Output,
): Promise<ReadingResult> {
  const { formats, filter, out, proof } = options;
  const findings = createLogFindings();
  const reading = { stream: filter.stream, findings, output, label: 'exporting' };
  // Rows that nothing else is made of are made in the threads that read.
  const rowsOnly = formats.every((format) => format === 'parquet') && proof === undefined;
  const rows = rowsOnly ? await readRows(directory, filter, reading) : [];
  const lines = rowsOnly ? [] : await readLines(directory, filter, reading);
  const parquet = formats.includes('parquet') && out !== undefined ? await openParquet(out) : undefined;
  const wanted = new Map<string, number[]>();
  let [total, exported] = [0, 0];
  const files: WrittenFile[] = [];
  try {
    const targets = await openTargets(formats, out, output);
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
    for (const { file } of targets) if (file !== undefined) files.push(await file.close());
    if (parquet !== undefined) files.push(await parquet.close());
  } finally {
    await parquet?.dispose();
  }
  if (proof !== undefined && exported > 0) {
    await writeNew(proof, `${JSON.stringify(await proveRecords(directory, { records: wanted }))}\n`);
  }
  await tell({ files, exported, total, proof, out }, output);
  const exitCode = findings.report(directory, output) ? 1 : 0;
  const written = files.map(({ name, sha256 }): JsonObject => ({ name, sha256 }));
  const facts = { formats: [...formats], records: exported, of: total, proof: proof !== undefined };
  return { exitCode, facts: { ...facts, ...(written.length > 0 && { files: written }) } };
}

async function openTargets(formats: readonly ExportFormat[], out: string | undefined, output: Output) {
  const targets = [];
  for (const format of formats) {
    if (format === 'parquet') continue;
    const writer = createExportWriter(format);
    const file = out === undefined ? undefined : await ExportFile.create(out, writer.file);
    const sink: ExportSink = file ?? { write: (text) => output.raw(text) };
    await sink.write(writer.header);
    targets.push({ writer, file, sink });
  }
  return targets;
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

interface Told {
  readonly files: readonly WrittenFile[];
  readonly exported: number;
  readonly total: number;
  readonly proof: string | undefined;
  readonly out: string | undefined;
}

async function tell({ files, exported, total, proof, out }: Told, output: Output): Promise<void> {
  if (out !== undefined && output.json) await output.dataJson({ records: exported, of: total, directory: out, files });
  else if (out !== undefined) {
    const width = Math.max(...files.map(({ name }) => name.length));
    for (const { name, bytes, sha256 } of files) {
      await output.data(`${name.padEnd(width)}  ${bytes} bytes  sha256:${sha256}`);
    }
  }
  output.message(
    `${exported} of ${total} records exported${proof !== undefined && exported > 0 ? `, proof in ${proof}` : ''}`,
  );
}
