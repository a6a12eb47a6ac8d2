import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { debianProgram } from '../../../core/test/support/debian-program.ts';
import { certificate } from './certificate.ts';
import { temporaryDirectory } from './temporary-directory.ts';

export interface RsyslogOptions {
  /** `verified`: who connects must have a certificate of the test's authority too. */
  readonly tls?: 'anonymous' | 'verified';
}

/** A message as rsyslog understood it. */
export interface SyslogMessage {
  readonly pri: string;
  readonly timestamp: string;
  readonly hostname: string;
  readonly appName: string;
  readonly procId: string;
  readonly msgId: string;
  readonly structuredData: string;
  readonly message: string;
}

/** Debian's rsyslogd on a port of its own. It writes a message to its file before it reads the next one. */
export class Rsyslog {
  readonly port: number;
  readonly #program: string;
  readonly #directory: string;
  #process: ChildProcess | undefined;

  private constructor(program: string, directory: string, port: number) {
    this.#program = program;
    this.#directory = directory;
    this.port = port;
  }

  /** Not started yet. `undefined` when this machine has no rsyslog, which stderr says. */
  static async create(options: RsyslogOptions = {}): Promise<Rsyslog | undefined> {
    const program = await debianProgram(
      'rsyslogd',
      'rsyslog rsyslog-gnutls',
      'that rsyslog receives every record, over TCP and TLS, also when it is killed',
    );
    if (program === undefined) return undefined;
    const directory = await temporaryDirectory();
    const rsyslog = new Rsyslog(program, directory, await freePort());
    await writeFile(join(directory, 'rsyslog.conf'), configuration(directory, rsyslog.port, options));
    await writeFile(join(directory, 'cert.pem'), certificate.cert);
    await writeFile(join(directory, 'key.pem'), certificate.key);
    onTestFinished(() => rsyslog.kill());
    return rsyslog;
  }

  async start(): Promise<void> {
    const args = ['-n', '-f', join(this.#directory, 'rsyslog.conf'), '-i', join(this.#directory, 'pid')];
    this.#process = spawn(this.#program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    const { stderr } = this.#process;
    let said = '';
    stderr?.setEncoding('utf8').on('data', (text: string) => (said += text));
    for (let attempt = 0; attempt < 400; attempt++) {
      if (this.#process.exitCode !== null) throw new Error(`rsyslogd ended: ${said}`);
      if (await answers(this.port)) return;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error(`rsyslogd does not listen: ${said}`);
  }

  /** With SIGKILL, as a crash. */
  async kill(): Promise<void> {
    const running = this.#process;
    this.#process = undefined;
    if (running === undefined || running.exitCode !== null || running.signalCode !== null) return;
    const exited = once(running, 'exit');
    running.kill('SIGKILL');
    await exited;
  }

  /** What it has written, without what a kill left unfinished. */
  async messages(): Promise<SyslogMessage[]> {
    const text = await readFile(join(this.#directory, 'messages'), 'utf8').catch(() => '');
    return text.split('\n').slice(0, -1).map(readMessage);
  }
}

const separator = '\u241f';

function configuration(directory: string, port: number, { tls }: RsyslogOptions): string {
  const fields = [
    'pri',
    'timestamp:::date-rfc3339',
    'hostname',
    'app-name',
    'procid',
    'msgid',
    'structured-data',
    'msg',
  ];
  const template = fields.map((field) => `%${field}%`).join(separator);
  const driver = `DefaultNetstreamDriver="gtls" DefaultNetstreamDriverCAFile="${directory}/cert.pem"
  DefaultNetstreamDriverCertFile="${directory}/cert.pem" DefaultNetstreamDriverKeyFile="${directory}/key.pem"`;
  const mode = tls === 'verified' ? 'x509/certvalid' : 'anon';
  return `global(workDirectory="${directory}" maxMessageSize="1m" ${tls === undefined ? '' : driver})
main_queue(queue.type="Direct")
module(load="imtcp"${tls === undefined ? '' : ` StreamDriver.Name="gtls" StreamDriver.Mode="1" StreamDriver.AuthMode="${mode}"`})
template(name="facts" type="string" string="${template}\\n")
input(type="imtcp" address="127.0.0.1" port="${port}" SupportOctetCountedFraming="on")
action(type="omfile" file="${directory}/messages" template="facts" asyncWriting="off" flushOnTXEnd="on")
`;
}

function readMessage(line: string): SyslogMessage {
  const [pri = '', timestamp = '', hostname = '', appName = '', procId = '', msgId = '', structuredData = '', ...rest] =
    line.split(separator);
  return { pri, timestamp, hostname, appName, procId, msgId, structuredData, message: rest.join(separator) };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
