import { listSigningKeys, pinKey, rotateSigningKey, type ListedKey } from '@sallyport/audit';
import { SetupError } from '@sallyport/core';
import type { Output } from '../../terminal/output.ts';
import { renderTable, type TableColumn } from '../../terminal/render-table.ts';

const columns: readonly TableColumn[] = [
  { title: 'STREAM' },
  { title: 'KEY' },
  { title: 'STATE' },
  { title: 'SINCE' },
  { title: 'VERIFIER KEY' },
];

/** Shows the signing keys of a log. Resolves to the exit code. */
export async function listKeys(directory: string, stream: string | undefined, output: Output): Promise<number> {
  const keys = await requireKeys(directory, stream);
  if (output.json) {
    for (const key of keys) await output.dataJson(key);
    return 0;
  }
  const rows = keys.map(({ stream: of, keyId, state, fromSeq, vkey }) => [
    of,
    keyId,
    state,
    fromSeq === undefined ? (state === 'next' ? 'the next start' : 'the beginning') : `record ${fromSeq}`,
    vkey,
  ]);
  await output.data(renderTable(columns, rows, { style: output.style }));
  return 0;
}

/** Adds the current keys of a log to a file of keys that are trusted. Resolves to the exit code. */
export async function pinKeys(
  directory: string,
  stream: string | undefined,
  file: string,
  output: Output,
): Promise<number> {
  const keys = (await requireKeys(directory, stream)).filter(({ state }) => state === 'current');
  for (const { vkey, keyId, stream: of } of keys) {
    const added = await pinKey(file, vkey);
    if (output.json) await output.dataJson({ file, stream: of, keyId, vkey, added });
    else await output.data(`${added ? 'pinned' : 'already pinned'}  ${of}  ${keyId}  ${file}`);
  }
  output.message('compare the key ids with what the operator tells you on another way');
  return 0;
}

/** Makes a new signing key for a stream, or for the only one. Resolves to the exit code. */
export async function rotateKeys(directory: string, stream: string | undefined, output: Output): Promise<number> {
  const streams = [...new Set((await requireKeys(directory, stream)).map((key) => key.stream))];
  const [only] = streams;
  if (only === undefined || streams.length > 1) {
    throw new SetupError({
      code: 'ERR_CLI_USAGE',
      file: directory,
      problem: `there are several streams: ${streams.join(', ')}`,
      remedy: 'name one with --stream',
    });
  }
  const { old, new: made, file } = await rotateSigningKey(directory, only);
  if (output.json) await output.dataJson({ stream: only, old: old.vkey, new: made.vkey, file });
  else await output.data(`${only}  ${old.keyId} → ${made.keyId}  from the next start on\n${made.vkey}`);
  output.message('restart the server, and give the new verifier key to those who pinned the old one');
  return 0;
}

async function requireKeys(directory: string, stream: string | undefined): Promise<ListedKey[]> {
  const keys = await listSigningKeys(directory, stream);
  if (keys.length > 0) return keys;
  throw new SetupError({
    code: 'ERR_AUDIT_KEY',
    file: directory,
    problem: 'there is no signing key: no log here was signed',
    remedy: 'name the directory of audit.directory in the config; a log is signed from its first start on',
  });
}
