import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { errorCode } from '../log/error-code.ts';

/** Enough to say of a process, later and from elsewhere, whether it still runs. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Start time in clock ticks since boot (field 22 of `/proc/<pid>/stat`): a reused pid has another one. */
  readonly startTicks: string | null;
  /** Pids mean something only within one namespace (`/proc/self/ns/pid`); without `/proc`, within one host. */
  readonly pidNamespace: string;
  /** Pids and ticks begin anew with every boot. */
  readonly bootId: string | null;
}

/** `unknown`: it can not be told from here. */
export type ProcessState = 'alive' | 'dead' | 'unknown';

export function currentProcess(): ProcessIdentity {
  return {
    pid: process.pid,
    startTicks: statOf(process.pid)?.startTicks ?? null,
    pidNamespace: attempt(() => readlinkSync('/proc/self/ns/pid')) ?? `host:${hostname()}`,
    bootId: attempt(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()) ?? null,
  };
}

/** Whether a process still runs, as far as it can be proved from the PID namespace of this one. */
export function processState(other: ProcessIdentity): ProcessState {
  const self = currentProcess();
  if (other.pidNamespace !== self.pidNamespace || other.bootId !== self.bootId) return 'unknown';
  // `/proc` can be mounted so that it hides the processes of others, so its silence proves nothing; a signal does.
  if (!exists(other.pid)) return 'dead';
  const stat = statOf(other.pid);
  if (stat === undefined || other.startTicks === null) return 'unknown';
  return stat.startTicks === other.startTicks && !stat.ended ? 'alive' : 'dead';
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) !== 'ESRCH';
  }
}

/** `ended`: a zombie, which nobody has waited for yet. */
function statOf(pid: number): { readonly startTicks: string; readonly ended: boolean } | undefined {
  const text = attempt(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  if (text === undefined) return undefined;
  // The second field is the name in parentheses and may hold anything, so the fields are counted from its end.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state] = fields;
  const startTicks = fields[19];
  if (state === undefined || startTicks === undefined) return undefined;
  return { startTicks, ended: state === 'Z' || state === 'X' };
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
