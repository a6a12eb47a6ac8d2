import { randomUUID } from 'node:crypto';
import { type AuditRecord } from '@sallyport/core';
import { parseCheckpoint } from '../checkpoint/checkpoint-body.ts';
import { createOtlpSink } from '../export/otlp/otlp-sink.ts';
import { parseNote } from '../note/signed-note.ts';
import type { CheckpointAnchor } from './checkpoint-anchor.ts';

export interface OtlpAnchorOptions {
  /** The URL that logs are posted to, as it is. https, or http on a loopback host. */
  readonly url: string;
  /** Sent with each request, for example `authorization`. Never logged. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly intervalSeconds?: number;
}

/**
 * Sends checkpoints to an OpenTelemetry receiver: a log record each, of the event `sallyport.audit.checkpoint`, with the signed
 * note as its body, and origin, size and root as `audit.checkpoint.*`.
 *
 * @throws SetupError `ERR_AUDIT_EXPORT` when the address can not be used.
 */
export async function createOtlpAnchor(options: OtlpAnchorOptions): Promise<CheckpointAnchor> {
  const { url, headers = {}, intervalSeconds } = options;
  const sink = await createOtlpSink({ endpoint: url, headers });
  const { origin: host, pathname } = new URL(url);
  const boot = randomUUID();
  return {
    name: `${host}${pathname}`,
    ...(intervalSeconds !== undefined && { intervalSeconds }),
    async publish(note, signal) {
      const { origin, size, root } = parseCheckpoint(parseNote(note).text);
      const record: AuditRecord & { readonly checkpoint: object } = {
        v: 1,
        id: randomUUID(),
        type: 'audit.checkpoint',
        at: new Date().toISOString(),
        monoNs: String(process.hrtime.bigint()),
        boot,
        stream: origin,
        seq: size,
        checkpoint: { origin, size, root: Buffer.from(root).toString('base64') },
      };
      const result = await sink.send(
        { stream: origin, records: [{ seq: size, line: Buffer.from(note), record }] },
        signal,
      );
      if (result.kind !== 'accepted') throw new Error(result.problem);
    },
    async close() {
      await sink.close?.();
    },
  };
}
