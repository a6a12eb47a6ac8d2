// Plain JavaScript: every supported Node version must run it as it is.
// A process that exports an audit log to its standard output, for tests that do not read it, close it or kill it.
import { writeSync } from 'node:fs';
import { createStdoutSink, openAuditLog, startAuditExport } from '../../../dist/index.js';

const { directory, records } = JSON.parse(process.argv[2]);
const audit = await openAuditLog({ directory, stream: 'pod-a', hashKey: new Uint8Array(32) });
const exporting = startAuditExport({ audit, exports: [{ name: 'stdout', sink: createStdoutSink() }] });
for (let index = 0; index < records; index++)
  void audit.append({ type: 'config.loaded', detail: { index, filler: 'x'.repeat(index % 10 === 0 ? 900 : 10) } });
// The loop must go on whatever becomes of standard output.
let turns = 0;
const timer = setInterval(() => writeSync(2, `${++turns}\n`), 20);
async function stop() {
  await audit.close();
  const complete = await exporting.close({ timeoutMs: 1000 });
  clearInterval(timer);
  writeSync(2, `closed ${complete}\n`);
  process.exit(0);
}
process.on('SIGTERM', () => void stop());
