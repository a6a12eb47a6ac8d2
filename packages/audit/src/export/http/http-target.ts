import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { errorCode, errorText } from '../../log/error-code.ts';
import type { SendResult } from '../export-sink.ts';
import { createScrubber, endpointSecrets, headerSecrets, type Scrub } from '../scrubber.ts';
import { exportProblem, readTls, type ExportTls } from '../tls-options.ts';
import { post, type PostAnswer } from './post.ts';

export interface HttpTargetOptions {
  /** https, or http on a loopback host. */
  readonly endpoint: string;
  /** Sent with every request. Their values are never logged. */
  readonly headers: Readonly<Record<string, string>>;
  /** What else is never logged, such as what requests are signed with. */
  readonly secrets?: readonly string[];
  /** Milliseconds for one request. */
  readonly timeoutMs: number;
  readonly tls?: ExportTls;
  /** Allows http on any host. */
  readonly dangerouslyAllowInsecureEndpoint?: boolean;
}

/** Where requests are posted to. */
export interface HttpTarget {
  /**
   * Posts a body and says what became of it. `judge` reads the answer, and scrubs what it takes of it before it cuts: receivers repeat
   * headers, paths and secrets.
   */
  send(
    request: HttpRequest,
    judge: (answer: PostAnswer, scrub: Scrub) => SendResult,
    signal: AbortSignal,
  ): Promise<SendResult>;
  close(): void;
}

export interface HttpRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

const loopback = /^(?:localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])$/;

/** @throws SetupError `ERR_AUDIT_EXPORT` for an endpoint, certificate or key that can not be used */
export function createHttpTarget(options: HttpTargetOptions): HttpTarget {
  const { headers, secrets = [], timeoutMs } = options;
  const url = requireEndpoint(options);
  const agent = createAgent(url, options.tls);
  const scrub = createScrubber([...secrets, ...Object.values(headers).flatMap(headerSecrets), ...endpointSecrets(url)]);
  return {
    async send(request, judge, signal) {
      let result: SendResult;
      try {
        const all = { ...headers, ...request.headers };
        result = judge(await post({ url, agent, headers: all, timeoutMs }, request.body, signal), scrub);
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

function requireEndpoint({ endpoint, dangerouslyAllowInsecureEndpoint = false }: HttpTargetOptions): URL {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  const secure = url?.protocol === 'https:';
  const bearable = url?.protocol === 'http:' && (loopback.test(url.hostname) || dangerouslyAllowInsecureEndpoint);
  if (url !== undefined && (secure || bearable) && url.username === '' && url.password === '') return url;
  throw exportProblem(
    'the endpoint is not an https URL without user information',
    'use https, or http on a loopback host',
  );
}

function createAgent(url: URL, tls: ExportTls = {}): HttpAgent | HttpsAgent {
  const common = { keepAlive: true, maxSockets: 4 };
  return url.protocol === 'http:' ? new HttpAgent(common) : new HttpsAgent({ ...common, ...readTls(tls) });
}
