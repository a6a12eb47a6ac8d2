import { cardFromListing, formatCard, inspectCard, type BuiltCard } from '@sallyport/card';
import { SetupError, type JsonObject } from '@sallyport/core';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { extname } from 'node:path';
import type { CommandIo } from '../terminal/command-io.ts';
import type { Output } from '../terminal/output.ts';
import { printableJsonLines } from '../terminal/printable.ts';
import { isUnreadableFile } from '../terminal/is-unreadable-file.ts';
import { listSource, type ServerSource } from './server-source.ts';

export interface BuildRequest extends ServerSource {
  /** Where the card goes; absent: to stdout. */
  readonly out: string | undefined;
  readonly name: string | undefined;
  /** Version of the card. */
  readonly cardVersion: string | undefined;
  readonly description: string | undefined;
}

/**
 * Writes a card for what a server has. A file that is there is brought up to date. Resolves to the exit code, which is 0.
 *
 * @throws SetupError when the server can not be listed, or the file is there and can not be understood.
 */
export async function buildCard(request: BuildRequest, io: CommandIo, output: Output): Promise<number> {
  const { out, name, cardVersion, description } = request;
  const { listed, endpoint } = await listSource(request, io);
  const existing = out === undefined ? undefined : await readExisting(out);
  const built = named(() =>
    cardFromListing(listed, {
      ...(name !== undefined && { name }),
      ...(cardVersion !== undefined && { version: cardVersion }),
      ...(description !== undefined && { description }),
      ...(existing !== undefined && { existing: existing.document }),
    }),
  );
  const format = out !== undefined && extname(out).toLowerCase() !== '.json' ? 'yaml' : 'json';
  const text = formatCard(built, { format, ...(existing !== undefined && { previous: existing.text }) });
  if (out === undefined) await output.data(printableJsonLines(text.trimEnd()));
  else if (existing?.text !== text) await replaceFile(out, text);
  if (output.json && out !== undefined) await output.dataJson(summaryOf(built, out));
  tell(built, { out, isNew: existing === undefined, isRunning: endpoint !== undefined }, output);
  return 0;
}

interface Existing {
  readonly text: string;
  readonly document: JsonObject;
}

async function readExisting(file: string): Promise<Existing | undefined> {
  try {
    const { document, mistakes } = await inspectCard(file);
    if (document !== undefined) return { document, text: await readFile(file, 'utf8') };
    const [first] = mistakes;
    throw new SetupError({
      code: 'ERR_CARD_INVALID',
      file,
      ...(first?.position !== undefined && { position: first.position }),
      problem: first?.problem ?? 'is not a card',
      remedy: 'correct it, or write to another file with --out',
    });
  } catch (error) {
    if (error instanceof SetupError && isUnreadableFile(error) && isMissing(error.cause)) return undefined;
    throw error;
  }
}

function isMissing(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
}

/** A card without a name is a matter of the command line here. */
function named<T>(build: () => T): T {
  try {
    return build();
  } catch (error) {
    if (!(error instanceof SetupError) || error.field !== '/name') throw error;
    const { problem } = error;
    throw new SetupError({
      code: 'ERR_CLI_USAGE',
      field: '--name',
      problem,
      remedy: 'name it, as in --name com.example/notes',
      cause: error,
    });
  }
}

/** At once or not at all: nobody reads half a card. */
async function replaceFile(file: string, text: string): Promise<void> {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    await writeFile(temporary, text, { flag: 'wx' });
    await rename(temporary, file);
  } catch (cause) {
    await rm(temporary, { force: true });
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error';
    throw new SetupError({
      code: 'ERR_CLI_USAGE',
      field: '--out',
      file,
      problem: `can not be written (${code})`,
      remedy: 'check the path and its permissions',
      cause,
    });
  }
}

function summaryOf({ added, undecided, gone, notes }: BuiltCard, file: string): unknown {
  return { ok: true, file, added, undecided, gone, notes };
}

interface Told {
  readonly out: string | undefined;
  readonly isNew: boolean;
  readonly isRunning: boolean;
}

function tell({ added, undecided, gone, notes }: BuiltCard, { out, isNew, isRunning }: Told, output: Output): void {
  const file = out ?? 'the card';
  if (out !== undefined) output.message(`${isNew ? 'wrote' : 'updated'} ${out}`);
  output.message(
    `${added.length} added, ${undecided.length} to be decided: scopes are null until somebody says who may use it`,
  );
  for (const rule of undecided) output.message(`  decide  ${rule}`);
  for (const rule of gone) output.message(`  gone    ${rule}: not registered by the server any more; kept`);
  for (const note of notes) output.message(`  note    ${note}`);
  if (isRunning) output.message('a guarded server lists only what the token may see: use one that may see everything');
  if (undecided.length > 0)
    output.message(
      `next: give each a list of scopes, or [] for any valid token, in ${file}; then  sallyport card lint`,
    );
}
