import { hostname } from 'node:os';
import { errorCode, errorText } from '../../log/error-code.ts';
import { eventTexts } from '../event-texts.ts';
import type { ExportSink, SendResult } from '../export-sink.ts';
import { exportProblem, readTls, type ExportTls } from '../tls-options.ts';
import { BrokenConnection, deliverConfirmed } from './deliver-confirmed.ts';
import { SyslogConnection, type SyslogAddress } from './syslog-connection.ts';
import { syslogMessage } from './syslog-message.ts';

export interface SyslogSinkOptions {
  /** A name, or an IP address without brackets. */
  readonly host: string;
  readonly port: number;
  /** `tls` (RFC 5425): the certificate of the receiver is verified, and must be for `host`. `tcp`: nothing is protected. */
  readonly transport: 'tls' | 'tcp';
  /** What a message holds: the record as it is in the log, an event of ECS 9.4, or a line of CEF. Default `json`. */
  readonly format?: 'json' | 'ecs' | 'cef';
  /**
   * What counts as arrived. `close` (default): each batch has a new connection; the receiver has ended it after its last byte and
   * after us, and still answers others. It must take several at once. `sent`: the operating system of this host has taken the
   * bytes; for receivers that do not end connections. Whatever was on its way when the connection breaks is lost there.
   */
  readonly confirm?: 'close' | 'sent';
  /** RFC 5424 §6.2.1, from 0 to 23. Default 13, "log audit". */
  readonly facility?: number;
  /** Milliseconds for one batch. Default 10,000. */
  readonly timeoutMs?: number;
  /** PEM: the authorities that may sign the receiver's certificate instead of the public ones, and a certificate of this process. */
  readonly tls?: ExportTls;
}

/** Connections that are kept for the next batch with `confirm: "sent"`. */
const maxIdle = 4;

/**
 * Sends records as syslog messages (RFC 5424) with octet counting (RFC 6587 §3.4.1), over TLS (RFC 5425) or plain TCP.
 *
 * Syslog has no acknowledgement. With `confirm: "close"` a batch counts as arrived when the process that receives has read all of it, as
 * far as connections can say so. What it does with what it has read is its own business: a receiver that keeps messages in memory loses
 * them when it is killed.
 *
 * @throws SetupError `ERR_AUDIT_EXPORT` for a facility, certificate or key that can not be used
 */
export function createSyslogSink(options: SyslogSinkOptions): ExportSink {
  const { host, port, transport, format = 'json', confirm = 'close', facility = 13, timeoutMs = 10_000 } = options;
  if (!Number.isInteger(facility) || facility < 0 || facility > 23)
    throw exportProblem(`syslog has no facility ${facility}`, 'use 0 to 23, for example 13');
  const address: SyslogAddress = { host, port, ...(transport === 'tls' && { tls: readTls(options.tls ?? {}) }) };
  const source = { facility, hostname: hostname() };
  const idle = new Set<SyslogConnection>();

  const take = async (signal: AbortSignal): Promise<SyslogConnection> => {
    for (const connection of idle) {
      idle.delete(connection);
      connection.wake();
      if (connection.usable) return connection;
    }
    return SyslogConnection.open(address, signal);
  };
  const keep = (connection: SyslogConnection): void => {
    connection.rest();
    if (idle.size < maxIdle) idle.add(connection);
    else connection.close();
  };
  const deliverSent = async (bytes: Uint8Array, signal: AbortSignal): Promise<void> => {
    const connection = await take(signal);
    try {
      await connection.write(bytes, signal);
    } catch (error) {
      connection.close();
      throw new BrokenConnection(error);
    }
    keep(connection);
  };
  return {
    async send({ records }, signal) {
      const texts = await eventTexts(records, format);
      const frames = records.map((item, index) => syslogMessage(item, texts[index] ?? Buffer.alloc(0), source));
      const limit = new AbortController();
      const end = (): void => limit.abort(new Error('the export is ending'));
      const timer = setTimeout(() => limit.abort(new Error(`not taken within ${timeoutMs} ms`)), timeoutMs);
      signal.addEventListener('abort', end, { once: true });
      if (signal.aborted) end();
      try {
        const bytes = Buffer.concat(frames);
        await (confirm === 'sent' ? deliverSent(bytes, limit.signal) : deliverConfirmed(address, bytes, limit.signal));
        return { kind: 'accepted' };
      } catch (error) {
        return failureOf(error);
      } finally {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
      }
    },
    close() {
      for (const connection of idle) connection.close();
      idle.clear();
    },
  };
}

/** A receiver may break the connection because of what it got. */
function failureOf(error: unknown): SendResult {
  if (!(error instanceof BrokenConnection)) return { kind: 'retry', problem: errorText(error) };
  const code = errorCode(error.cause);
  const cut = code === 'ECONNRESET' || code === 'EPIPE';
  return { kind: 'retry', problem: error.message, ...(cut && { cut: true }) };
}
