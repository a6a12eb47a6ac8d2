import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { TlsFacts } from '../tls-options.ts';

export interface SyslogAddress {
  readonly host: string;
  readonly port: number;
  /** Without it the connection is plain TCP. */
  readonly tls?: TlsFacts;
}

/** One connection to a receiver. What it sends is thrown away: syslog has no answers. */
export class SyslogConnection {
  readonly #socket: Socket;
  #failure: Error | undefined;
  #ended = false;
  #closed = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('error', (error) => (this.#failure ??= error));
    socket.on('end', () => (this.#ended = true));
    socket.on('close', () => (this.#closed = true));
    socket.resume();
  }

  /** Rejects when nobody listens, when the certificate is not the one that is expected, or when `signal` is aborted. */
  static async open({ host, port, tls }: SyslogAddress, signal: AbortSignal): Promise<SyslogConnection> {
    // The server's certificate is checked against the host; a name is sent for SNI, an address can not be (RFC 6066 §3).
    const name = isIP(host) === 0 ? { servername: host } : {};
    const socket = tls === undefined ? connectTcp({ host, port }) : connectTls({ host, port, ...name, ...tls });
    const connection = new SyslogConnection(socket);
    await connection.#until(signal, (done) => socket.once(tls === undefined ? 'connect' : 'secureConnect', done));
    socket.setNoDelay(true);
    return connection;
  }

  /** True as long as neither side has said that it is over. */
  get usable(): boolean {
    return this.#failure === undefined && !this.#ended && !this.#closed;
  }

  /** Throws when the receiver has ended the connection, or it has failed. */
  requireOpen(): void {
    if (!this.usable) throw this.#failure ?? new Error('the receiver closed the connection before it had everything');
  }

  /** Resolves when the system has taken the bytes. */
  async write(bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    await this.#until(signal, (done) => this.#socket.write(bytes, (error) => (error ? undefined : done())));
  }

  /**
   * Says that nothing more comes, and waits until the receiver says the same. A receiver answers an end with its own when it has read
   * everything before it; one that goes down with bytes unread resets the connection, and one that ended first may have read nothing.
   */
  async finish(signal: AbortSignal): Promise<void> {
    await this.#until(signal, (done) => this.#socket.end((error?: Error) => (error ? undefined : done())));
    // Node answers an end with its own; then it was not ours that came first.
    this.requireOpen();
    await this.#until(signal, (done) => this.#socket.once('close', (failed) => (failed ? undefined : done())), true);
    if (!this.#ended) throw new Error('the connection ended without the end of the receiver');
  }

  /** An idle connection does not keep the process alive. */
  rest(): void {
    this.#socket.unref();
  }

  wake(): void {
    this.#socket.ref();
  }

  close(): void {
    this.#socket.destroy();
  }

  /** Ends the connection in due form; nobody waits for it. */
  leave(): void {
    this.#socket.unref();
    this.#socket.destroySoon();
  }

  /** Waits for `start` to call back; rejects when the connection fails or is over first. */
  async #until(signal: AbortSignal, start: (done: () => void) => void, closing = false): Promise<void> {
    const socket = this.#socket;
    await new Promise<void>((resolve, reject) => {
      const settle = (act: () => void): void => {
        signal.removeEventListener('abort', abort);
        socket.off('error', fail);
        socket.off('close', over);
        act();
      };
      const fail = (error: Error): void => settle(() => reject(error));
      const over = (): void => fail(this.#failure ?? new Error('the receiver closed the connection'));
      const abort = (): void => {
        socket.destroy();
        fail(signal.reason as Error);
      };
      if (signal.aborted) return abort();
      if (this.#failure !== undefined || this.#closed)
        return closing && this.#failure === undefined ? resolve() : over();
      signal.addEventListener('abort', abort, { once: true });
      socket.on('error', fail);
      if (!closing) socket.on('close', over);
      start(() => settle(resolve));
    });
  }
}
