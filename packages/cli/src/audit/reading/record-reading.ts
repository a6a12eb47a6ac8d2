import { existsSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { openAuditLog, signedEnds, type SegmentedAuditLog } from '@sallyport/audit';
import { SetupError, type JsonObject, type JsonValue } from '@sallyport/core';
import { Interrupted, orInterrupted } from '../../terminal/interruption.ts';
import type { Output } from '../../terminal/output.ts';
import type { LogLocation } from '../log-location.ts';

/** What is about to be read. */
export interface Reading {
  /** Such as `audit show`. */
  readonly command: string;
  /** What selects the records. Without members that are not set. */
  readonly filter: JsonObject;
  /** Default `audit.read`. */
  readonly type?: 'audit.read' | 'audit.exported';
  /** The log is verified too: its beginning is signed before, so that this reading itself is not what remains unconfirmed. */
  readonly verifies?: boolean;
}

/** What became of a reading. */
export interface ReadingResult {
  readonly exitCode: number;
  /** Counts, and what was written where. */
  readonly facts: JsonObject;
}

/** Another reader holds the stream only for a moment. */
const patienceMs = 5000;

/**
 * Runs a reading, and records its beginning and its end in the log that is read: `audit.read`, or `audit.exported` where records left
 * the log. Resolves to the exit code.
 *
 * The records stand in a stream of their own, `cli-<host>`, because the stream of a server belongs to the server. Only the log that a
 * config file names is written to; a directory that was named on its own is taken for a copy, which must not change. What can not
 * be recorded is said, and the reading goes on: who can read the files needs no command for it. A reading that is interrupted is
 * recorded as such.
 */
export async function withReading(
  location: LogLocation,
  reading: Reading,
  output: Output,
  run: () => Promise<ReadingResult>,
): Promise<number> {
  const recorded = recordedReading(location, reading, output, run);
  output.interruption?.hold(recorded);
  return recorded;
}

async function recordedReading(
  location: LogLocation,
  reading: Reading,
  output: Output,
  run: () => Promise<ReadingResult>,
): Promise<number> {
  const { command, filter, type = 'audit.read' } = reading;
  const begun: JsonObject = { by: whoReads(), command, filter: withoutSubject(filter, location) };
  const log = await begin(location, begun, output);
  const end = async (facts: JsonObject): Promise<void> => {
    try {
      await log?.append({ type, detail: { ...begun, state: 'ended', ...facts } });
    } catch (error) {
      output.warning(`the end of this reading is not recorded in the audit log: ${problemOf(error)}`);
    }
    await log?.close();
  };
  const signedRun = async (): Promise<ReadingResult> => {
    if (reading.verifies === true && log !== undefined) await untilSigned(log);
    return run();
  };
  try {
    const { exitCode, facts } = await orInterrupted(output.interruption, signedRun);
    await end(facts);
    return exitCode;
  } catch (error) {
    await end(error instanceof Interrupted ? { interrupted: true } : { failed: true });
    throw error;
  }
}

async function begin(location: LogLocation, begun: JsonObject, output: Output): Promise<SegmentedAuditLog | undefined> {
  const { settings } = location;
  // Opening a log makes its directory; a reader must not.
  if (settings === undefined || !existsSync(settings.directory)) return undefined;
  try {
    const log = await openReaderLog(settings, output);
    await log.append({ type: 'audit.read', detail: { ...begun, state: 'begun' } });
    return log;
  } catch (error) {
    output.warning(`this reading is not recorded in the audit log: ${problemOf(error)}`);
    return undefined;
  }
}

/** A checkpoint is written about once a second. One that does not come is what verification tells. */
async function untilSigned(log: SegmentedAuditLog): Promise<void> {
  const { directory, stream } = log;
  for (const until = performance.now() + patienceMs; performance.now() < until; await sleep(50)) {
    const size = (await signedEnds(directory, stream)).get(stream)?.size ?? 0;
    if (size >= log.confirmed()) return;
  }
}

/** A log that holds no subjects in clear does not learn one from who looks for it. */
function withoutSubject(filter: JsonObject, { settings }: LogLocation): JsonObject {
  const { subject } = filter;
  const hidden = settings?.pseudonymizeSubjects === true && typeof subject === 'string' && !subject.startsWith('hmac-');
  return hidden ? { ...filter, subject: 'withheld' } : filter;
}

/** Only the members that are set, as JSON. */
export function filterFacts(filter: Readonly<Record<string, JsonValue | undefined>>): JsonObject {
  const set = Object.entries(filter).filter((entry): entry is [string, JsonValue] => entry[1] !== undefined);
  return Object.fromEntries(set);
}

async function openReaderLog(
  settings: NonNullable<LogLocation['settings']>,
  output: Output,
): Promise<SegmentedAuditLog> {
  const until = performance.now() + patienceMs;
  const { directory, origin, level, hashKey, pseudonymizeSubjects } = settings;
  const log = {
    info: () => undefined,
    warn: (_: object, text: string) => output.message(text),
    error: () => undefined,
  };
  for (;;) {
    try {
      return await openAuditLog({
        directory,
        stream: readerStream(),
        origin,
        level,
        pseudonymizeSubjects,
        ...(hashKey !== undefined && { hashKey }),
        recoverOthers: false,
        log,
      });
    } catch (error) {
      const locked = error instanceof SetupError && error.code === 'ERR_AUDIT_LOCKED';
      if (!locked || performance.now() > until) throw error;
      await sleep(50);
    }
  }
}

/** The stream of the command on this host. */
function readerStream(): string {
  const host = hostname()
    .replaceAll(/[^A-Za-z0-9._-]/g, '-')
    .slice(0, 100);
  return `cli-${host === '' ? 'host' : host}`;
}

/** The user of the process, as readings are recorded. */
export function whoReads(): JsonObject {
  try {
    const { username, uid } = userInfo();
    return { user: username, uid, host: hostname() };
  } catch {
    // A user without an entry in the table of users, as in many containers.
    return { user: '', uid: process.getuid?.() ?? -1, host: hostname() };
  }
}

function problemOf(error: unknown): string {
  if (error instanceof SetupError) return error.problem;
  return error instanceof Error ? error.message : String(error);
}
