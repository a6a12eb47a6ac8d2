import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import type { AnalystCommand } from './analyst-commands.ts';

const segments = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl'))
    .toSorted();
/** Path of the first segment of a folder. */
export const firstSegment = (folder: string): string => path.join(folder, segments(folder)[0] ?? '');
const last = (folder: string): string => path.join(folder, segments(folder).at(-1) ?? '');

function editLines(file: string, change: (lines: string[]) => string[]): void {
  writeFileSync(file, `${change(readFileSync(file, 'utf8').trimEnd().split('\n')).join('\n')}\n`);
}

/** What can be wrong with a folder, and what the commands have to say of it. */
export interface Damage {
  /** What the test says of the folder. */
  readonly is: string;
  /** Changes a copy of the log. */
  readonly make: (folder: string) => void;
  /** The exit code of the commands that read records. */
  readonly code: 0 | 1 | 2;
  /** Where a command differs. */
  readonly but?: Partial<Record<AnalystCommand, number>>;
  /** What stderr says, whenever the code is not 0. */
  readonly says: RegExp;
}

/** A folder without a log. */
const foreign =
  (make: (folder: string) => void) =>
  (folder: string): void => {
    rmSync(folder, { recursive: true });
    mkdirSync(folder);
    make(folder);
  };

/** Everything that can be wrong with a copy of the log of `makeAnalystLog`. */
export const damages: readonly Damage[] = [
  {
    is: 'holds a line that is no record any more',
    make: (folder) => editLines(firstSegment(folder), (lines) => lines.toSpliced(5, 1, lines[5]?.slice(0, 200) ?? '')),
    code: 1,
    but: { prove: 2 },
    says: /audit-target-0{20}\.jsonl/,
  },
  {
    is: 'lacks records in the middle of a segment',
    make: (folder) => editLines(firstSegment(folder), (lines) => lines.toSpliced(6, 3)),
    code: 1,
    but: { prove: 2 },
    says: /audit-target-0{20}\.jsonl/,
  },
  {
    is: 'has a segment whose end was cut off, with others after it',
    make: (folder) => editLines(firstSegment(folder), (lines) => lines.slice(0, -4)),
    code: 1,
    but: { prove: 2 },
    says: /audit-target-/,
  },
  {
    is: 'ends before its checkpoint',
    make: (folder) => editLines(last(folder), (lines) => lines.slice(0, -2)),
    code: 1,
    says: /audit-target-0{18}22/,
  },
  {
    is: 'has a record twice',
    make: (folder) => editLines(firstSegment(folder), (lines) => lines.toSpliced(6, 0, lines[6] ?? '')),
    code: 1,
    but: { prove: 2 },
    says: /audit-target-0{20}\.jsonl/,
  },
  {
    is: 'holds a record of another stream',
    make: (folder) =>
      editLines(firstSegment(folder), (lines) =>
        lines.map((line, at) => (at === 5 ? line.replace('"stream":"target"', '"stream":"other"') : line)),
      ),
    code: 1,
    but: { prove: 2 },
    says: /audit-target-0{20}\.jsonl/,
  },
  {
    is: 'has a segment that can not be read, because it is a folder',
    make: (folder) => {
      const file = firstSegment(folder);
      rmSync(file);
      mkdirSync(file);
    },
    code: 1,
    but: { prove: 2 },
    says: /audit-target-0{20}\.jsonl/,
  },
  {
    is: 'has a segment that is a link to itself',
    make: (folder) => {
      const file = firstSegment(folder);
      rmSync(file);
      symlinkSync(file, file);
    },
    code: 1,
    but: { prove: 2 },
    says: /audit-target-0{20}\.jsonl/,
  },
  {
    is: 'has one segment that was compressed',
    make: (folder) => {
      const file = firstSegment(folder);
      writeFileSync(`${file}.gz`, gzipSync(readFileSync(file)));
      rmSync(file);
    },
    code: 1,
    but: { verify: 3, prove: 2 },
    says: /audit-target-/,
  },
  {
    is: 'has only lines of another program in a file with the name of a segment',
    make: foreign((folder) =>
      writeFileSync(
        path.join(folder, `audit-web-${'0'.repeat(20)}.jsonl`),
        '{"level":30,"msg":"hello"}\n{"level":30,"msg":"world"}\n',
      ),
    ),
    code: 1,
    but: { prove: 2 },
    says: /audit-web-0{20}\.jsonl/,
  },
  { is: 'does not exist', make: (folder) => rmSync(folder, { recursive: true }), code: 2, says: /ERR_AUDIT_DIRECTORY/ },
  { is: 'is empty', make: foreign(() => undefined), code: 2, says: /ERR_AUDIT_DIRECTORY/ },
  {
    is: 'is a link to itself',
    make: (folder) => {
      rmSync(folder, { recursive: true });
      symlinkSync(folder, folder);
    },
    code: 2,
    says: /ERR_AUDIT_DIRECTORY/,
  },
  {
    is: 'is a file',
    make: (folder) => {
      rmSync(folder, { recursive: true });
      writeFileSync(folder, '{}\n');
    },
    code: 2,
    says: /ERR_AUDIT_DIRECTORY/,
  },
  {
    is: 'holds the files of another program',
    make: foreign((folder) => {
      writeFileSync(path.join(folder, 'access.log'), '127.0.0.1 - - "GET / HTTP/1.1" 200\n');
      writeFileSync(path.join(folder, 'events.jsonl'), '{"type":"mcp.decision"}\n');
      mkdirSync(path.join(folder, 'archive'));
    }),
    code: 2,
    says: /ERR_AUDIT_DIRECTORY/,
  },
  {
    is: 'holds compressed segments only',
    make: (folder) => {
      for (const name of segments(folder)) {
        writeFileSync(path.join(folder, `${name}.gz`), gzipSync(readFileSync(path.join(folder, name))));
        rmSync(path.join(folder, name));
      }
    },
    code: 2,
    says: /ERR_AUDIT_DIRECTORY/,
  },
];
