import { createHash, createHmac } from 'node:crypto';
import type { ExportBatch } from '../export-sink.ts';
import { exportProblem } from '../tls-options.ts';

const prefix = 'whsec_';
/** Bytes of a secret (Standard Webhooks, "Signature scheme"). */
const [least, most] = [24, 64];

/** @throws SetupError `ERR_AUDIT_EXPORT` for a secret that is none. The secret is not in the error. */
export function readWebhookSecret(text: string): Buffer {
  const base64 = text.startsWith(prefix) ? text.slice(prefix.length) : '';
  const bytes = Buffer.from(base64, 'base64');
  const encoded = bytes.toString('base64');
  const whole = encoded === base64 || encoded.replaceAll('=', '') === base64;
  if (whole && bytes.length >= least && bytes.length <= most) return bytes;
  throw exportProblem(
    `a secret of the webhook is not ${prefix} and ${least} to ${most} bytes in Base64`,
    `make one with: echo "${prefix}$(openssl rand -base64 32)"`,
  );
}

/**
 * The id of a message: the same whenever the same records are sent again, so that a receiver can leave out what it has. It is made of
 * what identifies the records, and gives nothing of them away.
 */
export function webhookId({ stream, records }: ExportBatch): string {
  const hash = createHash('sha256').update(stream);
  for (const { seq, record } of records) hash.update(`\n${seq} ${record.id}`);
  return `msg_${hash.digest('base64url').slice(0, 32)}`;
}

/**
 * The headers of a signed message (Standard Webhooks 1.0): `webhook-id`, `webhook-timestamp` in seconds, and `webhook-signature` with
 * `v1,` and the HMAC-SHA256 of id, timestamp and body under each secret.
 */
export function signWebhook(
  id: string,
  body: Uint8Array,
  secrets: readonly Uint8Array[],
  nowMs: number,
): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(nowMs / 1000));
  const signatures = secrets.map((secret) => {
    const hmac = createHmac('sha256', secret).update(`${id}.${timestamp}.`).update(body);
    return `v1,${hmac.digest('base64')}`;
  });
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
}
