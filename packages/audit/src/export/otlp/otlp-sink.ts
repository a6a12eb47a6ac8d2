import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { hostname } from 'node:os';
import { createSecureContext } from 'node:tls';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { SetupError } from '@sallyport/core';
import { errorCode, errorText } from '../../log/error-code.ts';
import type { ExportBatch, ExportSink, SendResult } from '../export-sink.ts';
import { contentTypes, judgeAnswer } from './judge-answer.ts';
import { createOtlpEncoder, type OtlpFormat } from './otlp-bytes.ts';
import { post, type PostAnswer } from './post.ts';

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
  readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string };
  /** Allows http on any host: records and headers can then be read and changed on the way. Default false. */
  readonly dangerouslyAllowInsecureEndpoint?: boolean;
}

const compress = promisify(gzip);
const loopback = /^(?:localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])$/;

/**
 * Sends records as OTLP logs over HTTP. Resolves when the encoder is loaded; nothing is sent yet.
 *
 * @throws SetupError `ERR_AUDIT_EXPORT` for an endpoint, certificate or key that can not be used
 */
export async function createOtlpSink(options: OtlpSinkOptions): Promise<ExportSink> {
  const { format = 'protobuf', compression = 'gzip', timeoutMs = 10_000, serviceName = 'sallyport' } = options;
  const url = requireEndpoint(options);
  const agent = createAgent(url, options.tls);
  const encode = await createOtlpEncoder(format, { 'service.name': serviceName, 'host.name': hostname() });
  const headers = {
    ...options.headers,
    'content-type': contentTypes[format],
    ...(compression === 'gzip' && { 'content-encoding': 'gzip' }),
  };
  const scrub = createScrubber(Object.values(options.headers ?? {}));

  const exchange = async (batch: ExportBatch, signal: AbortSignal): Promise<PostAnswer> => {
    const bytes = await encode(batch);
    const body = compression === 'gzip' ? await compress(bytes) : bytes;
    return post({ url, agent, headers, timeoutMs }, body, signal);
  };
  return {
    async send(batch, signal) {
      let result: SendResult;
      try {
        result = judgeAnswer(await exchange(batch, signal), format, Date.now());
      } catch (error) {
        result = { kind: 'retry', problem: errorText(error), ...(isCut(error) && { cut: true }) };
      }
      return 'problem' in result ? { ...result, problem: scrub(result.problem) } : result;
    },
    close: () => agent.destroy(),
  };
}

function isCut(error: unknown): boolean {
  const code = errorCode(error);
  return code === 'ECONNRESET' || code === 'EPIPE';
}

function requireEndpoint({ endpoint, dangerouslyAllowInsecureEndpoint = false }: OtlpSinkOptions): URL {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  const secure = url?.protocol === 'https:';
  const bearable = url?.protocol === 'http:' && (loopback.test(url.hostname) || dangerouslyAllowInsecureEndpoint);
  if (url !== undefined && (secure || bearable) && url.username === '' && url.password === '') return url;
  throw problemWith(
    'the endpoint is not an https URL without user information',
    'use https, or http on a loopback host',
  );
}

function createAgent(url: URL, tls: OtlpSinkOptions['tls'] = {}): HttpAgent | HttpsAgent {
  const common = { keepAlive: true, maxSockets: 4 };
  if (url.protocol === 'http:') return new HttpAgent(common);
  const { ca, cert, key } = tls;
  const own = {
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    minVersion: 'TLSv1.2' as const,
  };
  try {
    createSecureContext(own);
  } catch (cause) {
    throw problemWith(
      `the TLS certificates or key can not be used (${errorText(cause)})`,
      'give PEM files that belong together',
      cause,
    );
  }
  // Said here, so that NODE_TLS_REJECT_UNAUTHORIZED=0 does not reach it.
  return new HttpsAgent({ ...common, ...own, rejectUnauthorized: true });
}

function problemWith(problem: string, remedy: string, cause?: unknown): SetupError {
  return new SetupError({ code: 'ERR_AUDIT_EXPORT', field: 'audit.export', problem, remedy, cause });
}

/** A receiver may repeat in its answer what it was sent; a credential must not get into the log that way. */
function createScrubber(values: readonly string[]): (text: string) => string {
  const secrets = values.flatMap((value) => [value, ...value.split(' ')]).filter((value) => value.length >= 4);
  return (text) => secrets.reduce((scrubbed, secret) => scrubbed.replaceAll(secret, '[redacted]'), text);
}
