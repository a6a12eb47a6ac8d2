// Plain JavaScript: every supported Node version must run it as it is.
// A process that writes an audit log, for tests that kill it. Prints one JSON line for everything that was acknowledged.
import { writeSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { openAuditLog } from '../../dist/index.js';

const { directory, stream, mode, workers, bytes } = JSON.parse(process.argv[2]);

function say(line) {
  writeSync(1, `${JSON.stringify(line)}\n`);
}

const audit = await openAuditLog({ directory, stream, mode }).catch((error) => {
  say({ error: error.code });
  process.exit(1);
});
say({ open: true });

const state = { stopping: false };

async function work() {
  while (!state.stopping) {
    const call = randomUUID();
    const filler =
      bytes === undefined
        ? {}
        : { requiredScopes: Array.from({ length: Math.ceil(bytes / 100) }, () => 'x'.repeat(97)) };
    try {
      await audit.append({ type: 'mcp.decision', call, decision: { effect: 'allow', rule: 'tools.echo', ...filler } });
      say({ allowed: call });
      await audit.append({ type: 'mcp.outcome', call, outcome: { status: 'ok' } });
      say({ ended: call });
    } catch (error) {
      say({ refused: error.code, cause: error.cause?.code });
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await new Promise(setImmediate);
  }
}

const working = Array.from({ length: workers }, work);

process.on('SIGTERM', () => void stop());

async function stop() {
  state.stopping = true;
  await Promise.all(working);
  await audit.close();
  say({ closed: true });
  process.exit(0);
}
// A writer with nothing to do holds its lock until it is told to end.
setInterval(() => undefined, 60_000);
