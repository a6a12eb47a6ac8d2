import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { linesOf } from './lines-of.ts';
import { sqlError } from './sql-error.ts';
import { maxProcessBytes, type SqlAnswerLine, type SqlOrder } from './sql-order.ts';

/** For what Node.js makes of rows; the rest of the memory is DuckDB's. */
const maxHeapMb = 512;

/** What Node.js needs to find modules and libraries. A statement has no business with the rest. */
const passedOn = ['PATH', 'HOME', 'TMPDIR', 'NODE_OPTIONS', 'NODE_PATH', 'LD_LIBRARY_PATH'];

/**
 * Has a statement answered by a process of its own, and gives the lines of its answer but the last. The process is gone at the end, also when
 * nobody reads on. Returns whether there are more rows than the limit.
 *
 * @throws SetupError `ERR_CLI_SQL` when the statement is refused, fails, takes too long or too much memory.
 */
export async function* askProcess(
  order: SqlOrder,
  timeoutMs: number,
): AsyncGenerator<Exclude<SqlAnswerLine, { ended: unknown } | { refused: unknown }>, boolean, undefined> {
  const child = start();
  const closed = once(child, 'close').catch(() => undefined);
  const kill = (): boolean => child.kill('SIGKILL');
  // Before the private folder is removed, in which it writes.
  process.prependListener('exit', kill);
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    kill();
  }, timeoutMs);
  try {
    // It may be gone already, which its answer tells.
    child.stdin?.on('error', () => undefined).write(`${JSON.stringify(order)}\n`);
    if (child.stdout !== null) {
      for await (const text of linesOf(child.stdout)) {
        const line = JSON.parse(text) as SqlAnswerLine;
        if ('ended' in line) return line.ended.more;
        if ('refused' in line) throw sqlError(line.refused.problem, line.refused.remedy);
        yield line;
      }
    }
    throw late ? tooLong(timeoutMs) : tooLarge();
  } finally {
    clearTimeout(timer);
    kill();
    await closed;
    process.off('exit', kill);
  }
}

function start(): ChildProcess {
  const module = new URL('./sql-process.js', import.meta.url);
  // A checkout runs what was built of it.
  if (import.meta.url.endsWith('.ts'))
    module.pathname = module.pathname.replace('/src/audit/query/', '/dist/audit/query/');
  const args = [`--max-old-space-size=${maxHeapMb}`, fileURLToPath(module)];
  const env = Object.fromEntries(passedOn.flatMap((name) => (name in process.env ? [[name, process.env[name]]] : [])));
  // A limit of the system holds at once; a container without a shell has only the process's own look at itself.
  const shell = '/bin/sh';
  const limited = process.platform === 'linux' && existsSync(shell);
  const script = 'ulimit -d "$1" 2>/dev/null; shift; exec "$@"';
  const limitKb = String(maxProcessBytes / 1024);
  return spawn(
    limited ? shell : process.execPath,
    limited ? ['-c', script, 'sh', limitKb, process.execPath, ...args] : args,
    { env, stdio: ['pipe', 'pipe', 'ignore'] },
  );
}

function tooLong(timeoutMs: number): Error {
  return sqlError(`the statement took longer than ${timeoutMs / 1000} s`, 'select less, or raise --timeout');
}

function tooLarge(): Error {
  const gib = maxProcessBytes / 1024 ** 3;
  return sqlError(
    `the statement needs more than ${gib} GiB of memory, or DuckDB broke off`,
    'select less, or make smaller lists and texts',
  );
}
