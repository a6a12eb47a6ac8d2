import { scanAuditLog } from '@sallyport/audit';
import type { Output } from '../../terminal/output.ts';
import { filterHints } from '../filter-hints.ts';
import type { RecordFilter } from '../record-filter.ts';
import { createScanTask, hashMark, type Miss } from './miss-task.ts';

/** What every record of a kind has in its line. */
const texts: Readonly<Record<Miss, string>> = {
  hash: '"digestedLeaves"',
  ip: '"audit.aggregated"',
  subject: `"${hashMark}`,
};

/**
 * Tells what the options of a filter can not find although it is in the log: values that are recorded with others in one digest, refusals that
 * were counted together, and, when nothing was found, subjects behind pseudonyms. Reads the log once more, and only when it is asked for one of these.
 */
export async function warnOfMisses(
  directory: string,
  filter: RecordFilter,
  { found }: { readonly found: boolean },
  output: Output,
): Promise<void> {
  const { hash, ip, subject, stream } = filter;
  const misses: Miss[] = [];
  if (hash !== undefined) misses.push('hash');
  if (ip !== undefined) misses.push('ip');
  if (subject !== undefined && !found && !subject.startsWith(hashMark)) misses.push('subject');
  for (const miss of misses) {
    const hints = filterHints({ ...filter, [miss]: undefined });
    const pieces = scanAuditLog(directory, {
      create: createScanTask,
      module: new URL('./miss-task.js', import.meta.url).href,
      data: { filter, hints: { ...hints, texts: [...(hints.texts ?? []), texts[miss]] }, miss },
      ...(stream !== undefined && { stream }),
    });
    let count = 0;
    for await (const { result } of pieces) count += result ?? 0;
    if (count > 0) output.warning(warnings[miss](count, directory));
  }
}

const warnings: Readonly<Record<Miss, (count: number, directory: string) => string>> = {
  hash: (count) =>
    `${count} records hold values that are not recorded one by one, so --hash can not find them; look at the calls of the tool`,
  ip: (count) =>
    `${count} refusals were counted together with others of their networks, so --ip can not tell whose they are; look at --type audit.aggregated`,
  subject: (count, directory) =>
    `${count} records have pseudonyms for subjects; look with --subject for what this prints: sallyport audit hash ${directory} --kind subject --issuer <url> --value-stdin`,
};
