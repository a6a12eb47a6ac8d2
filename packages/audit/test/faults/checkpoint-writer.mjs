// Plain JavaScript: every supported Node version must run it as it is.
// A process that does nothing but append records and write checkpoints as fast as it can, for a test that kills it.
import { writeSync } from 'node:fs';
import { createKeyedHash, createRecordBuilder, noopObserver } from '@sallyport/core';
import { prepareEvidence } from '../../dist/checkpoint/prepare-evidence.js';
import { settleStream } from '../../dist/recovery/settle-stream.js';
import { packRecord } from '../../dist/segment/record-line.js';
import { nodeSegmentFileSystem } from '../../dist/segment/segment-file-system.js';
import { SegmentStore } from '../../dist/segment/segment-store.js';

const { directory, stream } = JSON.parse(process.argv[2]);
const nothing = () => undefined;
const log = { info: nothing, warn: nothing, error: nothing };
const builder = createRecordBuilder({ stream, hash: createKeyedHash(new Uint8Array(32)), level: 'metadata' });
const line = (type) => packRecord(builder.build({ type }, 0));

try {
  const prepared = await prepareEvidence({
    ...{ directory, stream, name: `log.example/${stream}`, tolerant: false, log, observer: noopObserver },
    mayWrite: nothing,
    intervalMs: 0,
  });
  const { nextSeq } = await settleStream(directory, stream, prepared.check);
  const evidence = prepared.begin();
  const store = new SegmentStore({ directory, stream, nextSeq, fileSystem: nodeSegmentFileSystem, evidence });
  await store.begin([line('audit.started'), line('config.loaded')]);
  await evidence.start();
  for (let count = 1; ; count++) {
    await store.append([line('config.loaded')]);
    writeSync(1, `${JSON.stringify({ size: store.nextSeq, checkpointed: evidence.checkpointed })}\n`);
    if (count % 10 === 0) await store.begin([line('audit.rotated')]);
  }
} catch (error) {
  writeSync(1, `${JSON.stringify({ error: error.message })}\n`);
  process.exit(1);
}
