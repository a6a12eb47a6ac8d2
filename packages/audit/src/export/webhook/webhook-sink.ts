import { systemClock, type Clock } from '@sallyport/core';
import { eventTexts } from '../event-texts.ts';
import type { ExportSink, SendResult } from '../export-sink.ts';
import { createHttpTarget } from '../http/http-target.ts';
import { judgeFailure } from '../http/judge-status.ts';
import type { PostAnswer } from '../http/post.ts';
import type { Scrub } from '../scrubber.ts';
import { exportProblem, type ExportTls } from '../tls-options.ts';
import { readWebhookSecret, signWebhook, webhookId } from './sign-webhook.ts';

export interface WebhookSinkOptions {
  /** The URL that is posted to, as it is. https, or http on a loopback host. */
  readonly endpoint: string;
  /** Each `whsec_` and 24 to 64 bytes in Base64. Every message is signed with all of them, so that one can be replaced. Never logged. */
  readonly secrets: readonly string[];
  /** Sent with every request, for example `authorization`. Their values are never logged. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What the list holds: records as they are in the log, events of OCSF 1.8, or events of ECS 9.4. Default `json`. */
  readonly format?: 'json' | 'ocsf' | 'ecs';
  /** Milliseconds for one request. Default 10,000. */
  readonly timeoutMs?: number;
  /** PEM: the authorities that may sign the receiver's certificate instead of the public ones, and a certificate of this process. */
  readonly tls?: ExportTls;
  /** Allows http on any host: records and headers can then be read on the way. Default false. */
  readonly dangerouslyAllowInsecureEndpoint?: boolean;
  readonly clock?: Clock;
}

/** So many records in a row can be refused for what they are. */
const maxRefusals = 16;
const suspicion =
  'it takes nothing now, so it is probably not the record: check its secret, its clock and that of this host, and the endpoint';

const [opening, comma, closing] = [Buffer.from('['), Buffer.from(','), Buffer.from(']')];

/**
 * Posts batches as a JSON list, signed by Standard Webhooks 1.0 (https://www.standardwebhooks.com). Any 2xx acknowledges the whole
 * list; redirects are not followed.
 *
 * 400 and 422 are what endpoints answer to a record they can not take, and to a signature they do not like. So a record is only
 * given up for them when the endpoint has acknowledged something since the start, at most 16 refusals ago.
 *
 * @throws SetupError `ERR_AUDIT_EXPORT` for an endpoint, secret, certificate or key that can not be used
 */
export function createWebhookSink(options: WebhookSinkOptions): ExportSink {
  const { format = 'json', timeoutMs = 10_000, clock = systemClock } = options;
  const secrets = options.secrets.map(readWebhookSecret);
  if (secrets.length === 0) throw exportProblem('the webhook has no secret to sign with', 'give it one');
  const hidden = options.secrets.flatMap((text) => [text, text.slice(text.indexOf('_') + 1)]);
  const target = createHttpTarget({ ...options, headers: options.headers ?? {}, secrets: hidden, timeoutMs });
  let refusalsLeft = 0;
  const judge = (answer: PostAnswer, records: number, scrub: Scrub): SendResult => {
    if (answer.status >= 200 && answer.status < 300) {
      refusalsLeft = maxRefusals;
      return { kind: 'accepted' };
    }
    const result = judgeFailure(answer, scrub, clock.now());
    if (result.kind !== 'refused' || result.tooLarge === true || records > 1) return result;
    refusalsLeft -= 1;
    return refusalsLeft >= 0 ? result : { kind: 'misconfigured', problem: `${result.problem}; ${suspicion}` };
  };
  return {
    async send(batch, signal) {
      const { records } = batch;
      const texts = await eventTexts(records, format);
      const body = Buffer.concat([
        opening,
        ...texts.flatMap((text, at) => (at === 0 ? [text] : [comma, text])),
        closing,
      ]);
      const signed = signWebhook(webhookId(batch), body, secrets, clock.now());
      const headers = { 'content-type': 'application/json', 'user-agent': 'sallyport', ...signed };
      return target.send({ headers, body }, (answer, scrub) => judge(answer, records.length, scrub), signal);
    },
    close: () => target.close(),
  };
}
