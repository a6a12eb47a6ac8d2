import { proveRecords, readWholeLog, type ProofFile } from '@sallyport/audit';
import { SetupError, type AuditRecord } from '@sallyport/core';
import type { Output } from '../../terminal/output.ts';
import { writeNewFile } from '../export/export-files.ts';
import { createLogFindings } from '../log-findings.ts';
import type { ReadingResult } from '../reading/record-reading.ts';
import { readCheckpoints } from '../verify/read-evidence.ts';

/** Which records: exactly one of `call`, `seq` and `id` is set. */
export interface ProveOptions {
  readonly call?: string | undefined;
  readonly seq?: number | undefined;
  readonly id?: string | undefined;
  /** With `seq`, where the directory holds several. */
  readonly stream?: string | undefined;
  /** A checkpoint file to prove against. */
  readonly to?: string | undefined;
  /** A file to write; default stdout. */
  readonly out?: string | undefined;
}

/**
 * Makes a proof of the records that are asked for. The exit code is 1 when the log is damaged: more of them may have been there.
 *
 * @throws SetupError when there is none, or they can not be proven.
 */
export async function prove(directory: string, options: ProveOptions, output: Output): Promise<ReadingResult> {
  const { to, out } = options;
  const { records, damaged } = await find(directory, options, output);
  const count = [...records.values()].reduce((sum, { length }) => sum + length, 0);
  const proof = await proveRecords(directory, {
    records,
    ...(to !== undefined && {
      to: (await readCheckpoints([to])).map(({ source, note }) => ({ source, note: String(note) })),
    }),
  });
  if (out === undefined) await output.dataJson(proof);
  else await writeNewFile(out, `${JSON.stringify(proof)}\n`);
  output.message(
    `${count === 1 ? '1 record' : `${count} records`} proven${out === undefined ? '' : `, written to ${out}`}`,
  );
  if (out !== undefined && output.json) await output.dataJson({ file: out, records: count, streams: streamsOf(proof) });
  return { exitCode: damaged ? 1 : 0, facts: { records: count } };
}

function streamsOf({ streams }: ProofFile): object[] {
  return streams.map(({ stream, checkpoint }) => ({ stream, size: Number(checkpoint.split('\n', 2)[1]) }));
}

interface Found {
  /** Numbers by stream. */
  readonly records: Map<string, number[]>;
  readonly damaged: boolean;
}

async function find(directory: string, options: ProveOptions, output: Output): Promise<Found> {
  const { stream } = options;
  const found = new Map<string, number[]>();
  const findings = createLogFindings();
  for await (const item of await readWholeLog(directory, stream === undefined ? {} : { stream })) {
    if (item.kind === 'finding') findings.see(item);
    if (item.kind === 'finding' || !isWanted(item.record, options)) continue;
    const list = found.get(item.stream);
    if (list === undefined) found.set(item.stream, [item.record.seq]);
    else list.push(item.record.seq);
  }
  const damaged = findings.report(directory, output);
  if (found.size === 0) throw noRecord(directory, options);
  if (options.seq !== undefined && found.size > 1) {
    throw new SetupError({
      code: 'ERR_CLI_USAGE',
      file: directory,
      problem: `several streams have a record ${options.seq}: ${[...found.keys()].join(', ')}`,
      remedy: 'name one with --stream',
    });
  }
  return { records: found, damaged };
}

function isWanted(record: AuditRecord, { call, seq, id }: ProveOptions): boolean {
  if (call !== undefined) return typeof record.call === 'string' && record.call.startsWith(call);
  return seq === undefined ? record.id === id : record.seq === seq;
}

function noRecord(directory: string, { call, seq, id }: ProveOptions): SetupError {
  const what = call === undefined ? (seq === undefined ? `id ${id}` : `number ${seq}`) : `call ${call}`;
  return new SetupError({
    code: 'ERR_CLI_USAGE',
    file: directory,
    problem: `there is no record with ${what}`,
    remedy: 'look it up with  sallyport audit show',
  });
}
