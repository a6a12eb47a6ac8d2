import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import {
  createSigningKey,
  leafHash,
  openNote,
  parseCheckpoint,
  parseVerifierKey,
  readAnchoredNotes,
  rootOf,
} from '@sallyport/audit';
import { startDevIdp, type DevIdp } from '@sallyport/dev-idp';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';
import { modern, send } from './support/mcp-request.ts';
import { defaultConfig, spawnTarget, startTarget, type StartTargetOptions, type Target } from './support/target.ts';
import { verifies } from './support/verifies.ts';

let idp: DevIdp;
let token: string;
beforeAll(async () => {
  idp = await startDevIdp({ quiet: true });
  token = await idp.mintToken({ scopes: ['echo:call'] });
});
afterAll(() => idp.close());

const seeds = [1, 2].map((byte) => Buffer.alloc(32, byte).toString('base64'));

async function start(options: Partial<StartTargetOptions> = {}): Promise<Target> {
  const target = await startTarget({ issuer: idp.issuer, ...options });
  onTestFinished(() => target.remove());
  return target;
}

async function call(target: Target): Promise<void> {
  const answer = await send(
    target.url,
    modern('tools/call', { name: 'echo', arguments: { text: 'hello' } }, { token }),
  );
  expect(answer.status).toBe(200);
}

const namesOf = ({ auditDirectory }: Target, ending: string): string[] =>
  readdirSync(auditDirectory)
    .filter((name) => name.endsWith(ending))
    .toSorted();
const read = ({ auditDirectory }: Target, name: string): string =>
  readFileSync(path.join(auditDirectory, name), 'utf8');

function leavesOf(target: Target): Buffer[] {
  const segments = namesOf(target, '.jsonl').map((name) => read(target, name));
  return segments.flatMap((content) => content.split('\n').slice(0, -1)).map((line) => leafHash(Buffer.from(line)));
}

/** Opens a note with the verifier key in a file, and says how many records it is about; the root must be theirs. */
function sizeOf(target: Target, note: string, keyFile: string): number {
  const { origin, size, root } = parseCheckpoint(openNote(note, [parseVerifierKey(read(target, keyFile))]).text);
  expect(origin).toBe('127.0.0.1:8080/mcp/target');
  expect(Buffer.from(root)).toEqual(rootOf(leavesOf(target), 0, size));
  return size;
}

verifies('AUDIT-EVIDENCE-SIGNED', 'one checkpoint a start, each over all records there were', async () => {
  const first = await start();
  await call(first);
  await first.stop();
  const before = leavesOf(first).length;
  const second = await start({ folder: first.folder });
  await call(second);
  await second.stop();
  const sizes = namesOf(second, '.checkpoint').map((name) => sizeOf(second, read(second, name), 'signing-target.pub'));
  expect(sizes).toEqual([before, leavesOf(second).length]);
});

verifies('AUDIT-EVIDENCE-TAMPERED', 'a record that was cut off, and one that was altered', async () => {
  const changes = [
    (content: string): string => content.slice(0, content.lastIndexOf('\n', content.length - 2) + 1),
    (content: string): string => content.slice(0, -1),
    (content: string): string => content.replace('"allow"', '"deny" '),
  ];
  for (const change of changes) {
    const target = await start();
    await call(target);
    await target.stop();
    const [segment = ''] = namesOf(target, '.jsonl');
    const file = path.join(target.auditDirectory, segment);
    const changed = change(read(target, segment));
    writeFileSync(file, changed);
    writeFileSync(path.join(target.folder, 'config.json'), JSON.stringify(defaultConfig({ issuer: idp.issuer })));
    const child = spawnTarget({ SALLYPORT_CONFIG: path.join(target.folder, 'config.json'), PORT: '0' });
    onTestFinished(() => void child.kill('SIGKILL'));
    if (child.stdout === null || child.stderr === null) throw new Error('the target has no output');
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    expect(stdout).toBe('');
    const said = stderr.split('\n').filter((line) => line.includes('ERR_AUDIT_TAMPERED'));
    expect(said).toHaveLength(1);
    expect(said[0]).toContain(target.auditDirectory);
    expect(read(target, segment)).toBe(changed);
    expect(namesOf(target, '.jsonl')).toEqual([segment]);
  }
});

verifies('AUDIT-EVIDENCE-ROTATED', 'a configured key and its successor', async () => {
  const [oldKey = '', newKey = ''] = seeds;
  const first = await start({ config: { audit: { signingKey: oldKey } } });
  await call(first);
  await first.stop();
  const audit = { signingKey: newKey, previousSigningKey: oldKey };
  const second = await start({ folder: first.folder, config: { audit } });
  await call(second);
  await second.stop();
  const { keyId } = createSigningKey('127.0.0.1:8080/mcp/target', Buffer.from(oldKey, 'base64'));
  const rotation = second.records().find(({ type }) => type === 'audit.key_rotated');
  expect(rotation?.detail).toMatchObject({ kind: 'signing', old: keyId });
  const handover = read(second, `signing-target+${keyId}.handover`);
  expect(sizeOf(second, handover, `signing-target+${keyId}.pub`)).toBeGreaterThan(rotation?.seq ?? Number.NaN);
  const last = namesOf(second, '.checkpoint').at(-1) ?? '';
  expect(sizeOf(second, read(second, last), 'signing-target.pub')).toBe(leavesOf(second).length);
  for (const secret of seeds) expect(second.stderr()).not.toContain(secret);
});

verifies('AUDIT-EVIDENCE-ANCHORED', 'a file that holds them, and an endpoint that never answers', async () => {
  const silent = createServer(() => undefined).listen(0, '127.0.0.1');
  onTestFinished(() => void silent.close());
  await once(silent, 'listening');
  const { port } = silent.address() as { port: number };
  const anchors = [
    { type: 'file', path: './held.jsonl' },
    { type: 'http', url: `http://127.0.0.1:${port}/`, headers: { authorization: 'Bearer anchor-secret' } },
  ];
  const target = await start({ config: { audit: { anchors } } });
  await call(target);
  await target.stop();
  const held = readAnchoredNotes(readFileSync(path.join(target.folder, 'held.jsonl'), 'utf8'));
  expect(sizeOf(target, held.at(-1) ?? '', 'signing-target.pub')).toBe(leavesOf(target).length);
  expect(target.stderr()).toContain('did not reach its anchor');
  expect(target.stderr()).not.toContain('anchor-secret');
});
