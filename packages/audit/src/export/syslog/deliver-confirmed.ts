import { setImmediate as turn } from 'node:timers/promises';
import { errorText } from '../../log/error-code.ts';
import { SyslogConnection, type SyslogAddress } from './syslog-connection.ts';

/** A connection that was there and broke while a batch was sent. */
export class BrokenConnection extends Error {
  constructor(cause: unknown) {
    super(errorText(cause), { cause });
  }
}

/**
 * Sends a batch on a connection of its own, and resolves when the process that receives has read it, as far as connections can say so.
 *
 * 1. The connection is new: one that was idle may be closed already, and the news of it on its way.
 * 2. After the last byte a second one, the witness, is opened. Its answer comes after whatever the receiver did to the first one before;
 *    when that was an end, the receiver may have read nothing.
 * 3. We end the first one, and the receiver must end it after us.
 * 4. The kernel ends the connections of a process that was killed, too. It does not answer a third one, or, when another process has
 *    taken its place, it has ended the witness as well.
 *
 * @throws BrokenConnection when the first connection broke; whatever the opening of a connection throws
 */
export async function deliverConfirmed(address: SyslogAddress, bytes: Uint8Array, signal: AbortSignal): Promise<void> {
  const opened: SyslogConnection[] = [];
  const open = async (): Promise<SyslogConnection> => {
    const connection = await SyslogConnection.open(address, signal);
    opened.push(connection);
    // What has arrived on other connections by now is seen before anything else is done.
    await turn();
    return connection;
  };
  try {
    const first = await open();
    await unbroken(() => first.write(bytes, signal));
    const witness = await open();
    await unbroken(() => first.requireOpen());
    await unbroken(() => first.finish(signal));
    await open();
    witness.requireOpen();
    for (const connection of opened) connection.leave();
  } catch (error) {
    for (const connection of opened) connection.close();
    throw error;
  }
}

async function unbroken(act: () => void | Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    throw new BrokenConnection(error);
  }
}
