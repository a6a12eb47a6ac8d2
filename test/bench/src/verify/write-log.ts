import { writeFile, type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { createSigningKey, createTree, formatCheckpoint, signNote } from '@sallyport/audit';
import { createKeyedHash, createRecordBuilder, type AuditEntry, type Principal } from '@sallyport/core';

const stream = 'bench';
const base = `audit-${stream}-${'0'.repeat(20)}`;
/** Lines written at once. */
const chunkLines = 4096;

const caller: Principal = {
  issuer: 'https://login.example.com/tenant/v2.0',
  subject: 'a4d1c2e0-7e0b-4f3e-9c55-2f1b9f1d2c3b',
  clientId: 'notes-app',
  scopes: ['notes:read', 'notes:write'],
  tenant: 'acme',
  groups: [],
  roles: [],
  actors: [],
  proof: 'jwt',
  tokenId: 'c9f0f895-fb98-4bcb-9c9f-2f1b9f1d2c3b',
  sessionId: null,
  issuedAt: null,
  expiresAt: 1_790_000_000,
  acr: null,
  amr: [],
  authTime: null,
};

/** Writes a signed log of so many calls, each with its decision and its outcome, as the writer writes them. Returns the key. */
export async function writeLog(directory: string, calls: number): Promise<string> {
  const key = createSigningKey(`bench.example/${stream}`, Buffer.alloc(32, 1));
  const tree = createTree();
  const file = await open(join(directory, `${base}.jsonl`), 'wx', 0o600);
  try {
    await writeRecords(file, calls, (line) => tree.appendLine(line));
  } finally {
    await file.close();
  }
  const checkpoint = formatCheckpoint({ origin: key.name, size: tree.size, root: tree.root() });
  await writeFile(join(directory, `${base}.checkpoint`), signNote(checkpoint, [key]));
  return key.verifier.vkey;
}

async function writeRecords(file: FileHandle, calls: number, see: (line: Buffer) => void): Promise<void> {
  const builder = createRecordBuilder({ stream, hash: createKeyedHash(Buffer.alloc(32, 2)), level: 'metadata' });
  let lines: Buffer[] = [];
  for (let seq = 0; seq < calls * 2; seq += 1) {
    const line = Buffer.from(JSON.stringify(builder.build(entry(seq), seq)));
    see(line);
    lines.push(line, Buffer.from('\n'));
    if (lines.length < chunkLines) continue;
    await file.write(Buffer.concat(lines));
    lines = [];
  }
  await file.write(Buffer.concat(lines));
}

function entry(seq: number): AuditEntry {
  const call = `00000000-0000-4000-8000-${String(Math.floor(seq / 2)).padStart(12, '0')}`;
  const about = {
    call,
    principal: caller,
    source: { ip: '192.0.2.7', userAgent: 'notes-app/1.4.2' },
    mcp: { method: 'tools/call', requestId: seq, protocolVersion: '2026-07-28', era: 'modern', client: 'notes/1.4' },
    target: { kind: 'tool', name: 'read-note' },
  } as const;
  if (seq % 2 === 1) {
    const outcome = { status: 'ok', httpStatus: 200, durationMs: 3.1, bytes: 180 } as const;
    return { ...about, type: 'mcp.outcome', outcome };
  }
  const decision = { effect: 'allow', rule: 'tools.read-note', requiredScopes: ['notes:read'] } as const;
  return { ...about, type: 'mcp.decision', decision, arguments: { id: String(seq), limit: 10 } };
}
