import { verifyAuditLog } from '@sallyport/audit';
import type { VerifyOrder, VerifyReady, VerifyResult } from './protocol.ts';
import { writeLog } from './write-log.ts';

// Writes a log and verifies it as often as it is asked to, in a process of its own. Started by the bench with a directory and a
// number of calls as its arguments and an IPC channel.
const [directory = '', calls = ''] = process.argv.slice(2);
const key = await writeLog(directory, Number(calls));
process.on('message', (_order: VerifyOrder) => void verify().then((result) => process.send?.(result)));
process.once('disconnect', () => process.exit());
process.send?.({ type: 'ready' } satisfies VerifyReady);

async function verify(): Promise<VerifyResult> {
  const from = performance.now();
  const cpu = process.cpuUsage();
  const { records, bytes, exitCode, findings } = await verifyAuditLog(directory, { keys: [key] });
  const { user, system } = process.cpuUsage(cpu);
  const wrong = exitCode === 0 ? {} : { wrong: findings[0]?.problem ?? `exit ${exitCode}` };
  return { records, bytes, wallMs: performance.now() - from, cpuMs: (user + system) / 1000, ...wrong };
}
