import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A process of the bench with a message channel. */
export interface Child {
  /** Sends a message and gives the next one that comes back. Rejects when the process ends instead. */
  ask<Answer>(message: object): Promise<Answer>;
  /** The next message, without asking. */
  next<Answer>(): Promise<Answer>;
  /** Ends the process; a message can ask it to end by itself first. */
  stop(message?: object): Promise<void>;
}

/** How long a process may take to end by itself. */
const stopMs = 5_000;

/** Starts a program of this package, on a core of its own when `pinning` says how. */
export function startChild(
  program: string,
  args: readonly string[],
  pinning: readonly string[],
  nodeOptions: readonly string[] = [],
): Child {
  const path = fileURLToPath(new URL(program, import.meta.url));
  const [command = process.execPath, ...rest] = [...pinning, process.execPath, ...nodeOptions, path, ...args];
  const child = spawn(command, rest, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));

  const next = <Answer>(): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const onMessage = (message: unknown): void => {
        child.off('close', onClose);
        resolve(message as Answer);
      };
      const onClose = (code: number | null): void => {
        child.off('message', onMessage);
        reject(new Error(`${program} ended with ${code ?? 'a signal'}`));
      };
      child.once('message', onMessage);
      child.once('close', onClose);
    });

  return {
    next,
    ask(message) {
      const answer = next<never>();
      child.send(message);
      return answer;
    },
    async stop(message) {
      if (message !== undefined && child.connected) child.send(message);
      else endNow(child);
      const timer = setTimeout(() => endNow(child), stopMs);
      await ended;
      clearTimeout(timer);
    },
  };
}

function endNow(child: ChildProcess): void {
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
}
