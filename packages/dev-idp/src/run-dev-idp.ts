import type { EventEmitter } from 'node:events';
import type { DevIdpOptions } from './dev-idp-options.ts';
import { startDevIdp } from './start-dev-idp.ts';

/** The parts of a process that `runDevIdp` uses. */
export interface RunContext {
  /** `DevIdpOptions` as JSON. Absent: all defaults. */
  readonly argument: string | undefined;
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
  /** Emits `SIGTERM` and `SIGINT`. */
  readonly signals: EventEmitter;
}

/**
 * The provider as a process of its own: writes one line of JSON (`ready`, `issuer`, `port`, `pid`) to stdout when it accepts
 * connections, and resolves with the exit code: 0 after a signal, 1 with one line on stderr when it can not start.
 */
export async function runDevIdp({ argument, stdout, stderr, signals }: RunContext): Promise<number> {
  try {
    const idp = await startDevIdp(readOptions(argument));
    const stopped = new Promise<void>((resolve) => {
      signals.once('SIGTERM', resolve);
      signals.once('SIGINT', resolve);
    });
    stdout.write(`${JSON.stringify({ ready: true, issuer: idp.issuer, port: idp.port, pid: process.pid })}\n`);
    await stopped;
    await idp.close();
    return 0;
  } catch (error) {
    stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

function readOptions(argument: string | undefined): DevIdpOptions {
  if (argument === undefined) return {};
  let value: unknown;
  try {
    value = JSON.parse(argument);
  } catch {
    value = undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new TypeError('dev IdP: the argument must be a JSON object, such as {"port":9000}');
  }
  return value;
}
