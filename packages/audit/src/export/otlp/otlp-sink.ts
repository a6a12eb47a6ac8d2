import { hostname } from 'node:os';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { ExportSink } from '../export-sink.ts';
import { createHttpTarget } from '../http/http-target.ts';
import type { ExportTls } from '../tls-options.ts';
import { contentTypes, judgeAnswer } from './judge-answer.ts';
import { createOtlpEncoder, type OtlpFormat } from './otlp-bytes.ts';

export interface OtlpSinkOptions {
  /** The URL that logs are posted to, as it is: nothing is appended. https, or http on a loopback host. */
  readonly endpoint: string;
  /** Sent with every request, for example `authorization`. Their values are never logged. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Default `protobuf`. */
  readonly format?: OtlpFormat;
  /** Default `gzip`. */
  readonly compression?: 'gzip' | 'none';
  /** Milliseconds for one request. Default 10,000. */
  readonly timeoutMs?: number;
  /** `service.name` of the resource. Default `sallyport`. */
  readonly serviceName?: string;
  /** PEM: the authorities that may sign the receiver's certificate instead of the public ones, and a certificate of this process. */
  readonly tls?: ExportTls;
  /** Allows http on any host: records and headers can then be read and changed on the way. Default false. */
  readonly dangerouslyAllowInsecureEndpoint?: boolean;
}

const compress = promisify(gzip);

/**
 * Sends records as OTLP logs over HTTP. Resolves when the encoder is loaded; nothing is sent yet.
 *
 * @throws SetupError `ERR_AUDIT_EXPORT` for an endpoint, certificate or key that can not be used
 */
export async function createOtlpSink(options: OtlpSinkOptions): Promise<ExportSink> {
  const { format = 'protobuf', compression = 'gzip', timeoutMs = 10_000, serviceName = 'sallyport' } = options;
  const target = createHttpTarget({ ...options, headers: options.headers ?? {}, timeoutMs });
  const encode = await createOtlpEncoder(format, { 'service.name': serviceName, 'host.name': hostname() });
  const headers = {
    'content-type': contentTypes[format],
    ...(compression === 'gzip' && { 'content-encoding': 'gzip' }),
  };
  return {
    async send(batch, signal) {
      const bytes = await encode(batch);
      const body = compression === 'gzip' ? await compress(bytes) : bytes;
      return target.send({ headers, body }, (answer, scrub) => judgeAnswer(answer, format, scrub, Date.now()), signal);
    },
    close: () => target.close(),
  };
}
