import { request as httpRequest, type Agent as HttpAgent, type IncomingMessage } from 'node:http';
import { request as httpsRequest, type Agent as HttpsAgent } from 'node:https';

export interface PostOptions {
  readonly url: URL;
  readonly agent: HttpAgent | HttpsAgent;
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds for the whole exchange. */
  readonly timeoutMs: number;
}

export interface PostAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  /** `undefined` when it was larger than an answer of this protocol is. */
  readonly body: Buffer | undefined;
}

/** An answer of this protocol has a few hundred bytes. */
const maxAnswerBytes = 64 * 1024;

/**
 * One POST. Redirects are answers like others. Rejects when there was no whole answer in time: the receiver may or may not have
 * taken the body then.
 */
export function post(options: PostOptions, body: Uint8Array, signal: AbortSignal): Promise<PostAnswer> {
  const { url, agent, headers, timeoutMs } = options;
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const outgoing = request(url, {
      method: 'POST',
      agent,
      headers: { ...headers, 'content-length': String(body.length) },
    });
    const stop = (error: Error): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      outgoing.destroy();
      reject(error);
    };
    const abort = (): void => stop(new Error('the export is ending'));
    const timer = setTimeout(() => stop(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
    signal.addEventListener('abort', abort, { once: true });
    outgoing.on('error', stop);
    outgoing.on('response', (incoming) => {
      collect(incoming, maxAnswerBytes).then((answer) => {
        clearTimeout(timer);
        signal.removeEventListener('abort', abort);
        if (answer === undefined) outgoing.destroy();
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: answer });
      }, stop);
    });
    if (signal.aborted) abort();
    else outgoing.end(body);
  });
}

async function collect(incoming: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > limit) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
