// Plain JavaScript: every supported Node version must run it as it is.
// A process that writes an audit log and exports it, for tests that kill it.
import { randomUUID } from 'node:crypto';
import { writeSync } from 'node:fs';
import { createOtlpSink, openAuditLog, startAuditExport } from '../../dist/index.js';

const { directory, stream, endpoint, workers, rotateBytes } = JSON.parse(process.argv[2]);
const rotate = rotateBytes === undefined ? {} : { bytes: rotateBytes };
const audit = await openAuditLog({ directory, stream, rotate, hashKey: new Uint8Array(32) });
const exporting = startAuditExport({ audit, exports: [{ name: 'otlp', sink: await createOtlpSink({ endpoint }) }] });
const state = { stopping: false };
async function work() {
  while (!state.stopping) {
    const call = randomUUID();
    await audit.append({ type: 'mcp.decision', call, decision: { effect: 'allow', rule: 'tools.echo' } });
    await audit.append({ type: 'mcp.outcome', call, outcome: { status: 'ok' } });
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
const working = Array.from({ length: workers }, work);

async function stop() {
  state.stopping = true;
  await Promise.all(working);
  await audit.close();
  const complete = await exporting.close({ timeoutMs: 20_000 });
  writeSync(1, `closed ${complete}\n`);
  process.exit(0);
}
process.on('SIGTERM', () => void stop());
setInterval(() => undefined, 60_000);
writeSync(1, 'open\n');
