import { LoggerProvider } from '@opentelemetry/sdk-logs';
import { expect, onTestFinished, test } from 'vitest';
import { openAuditLog, startAuditExport, type ExportSink } from '../../src/index.ts';
import { decision, eventually } from '../support/export-log.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

/** A queue that stands for somebody else's client. */
const queue = {
  full: true,
  taken: [] as string[],
  async publish(messages: readonly { readonly key: string; readonly value: string }[]): Promise<boolean> {
    if (!queue.full) queue.taken.push(...messages.map(({ key }) => key));
    queue.full = !queue.full;
    return queue.full;
  },
};

test('a sink of your own is asked again until it has taken a batch', async () => {
  const directory = await temporaryDirectory();
  //#region sink
  const sink: ExportSink = {
    async send({ records }) {
      const messages = records.map(({ record, line }) => ({ key: record.id, value: line.toString('utf8') }));
      const taken = await queue.publish(messages);
      return taken ? { kind: 'accepted' } : { kind: 'retry', problem: 'the queue is full' };
    },
  };
  const audit = await openAuditLog({ directory, stream: 'pod-a' });
  const exporting = startAuditExport({ audit, exports: [{ name: 'queue', sink }] });
  //#endregion
  onTestFinished(() => exporting.close().then(() => undefined));
  await audit.append(decision());
  await eventually(() => expect(queue.taken.length).toBeGreaterThan(1));
  await audit.close();
});

test('a logger of the host gets a copy', async () => {
  const directory = await temporaryDirectory();
  const audit = await openAuditLog({ directory, stream: 'pod-a' });
  const provider = new LoggerProvider();
  //#region live
  const exporting = startAuditExport({ audit, exports: [], logger: provider.getLogger('audit') });
  // or, for a whole suite: createSallyport('config.yaml', { auditLogger: provider.getLogger('audit') })
  //#endregion
  await audit.close();
  expect(await exporting.close()).toBe(true);
});
