import { request } from 'node:http';
import type { SendOptions } from './mcp-request.ts';
import { waitFor } from './target.ts';

/** A request whose answer is still coming. */
export interface OpenCall {
  /** The status, when the head has come. */
  status(): number | undefined;
  /** What has come of the body. */
  text(): string;
  /** Resolves when the answer is complete or the connection is gone, with the status if there was one. */
  readonly ended: Promise<number | undefined>;
  /** Waits until a text has come. */
  waitForText(text: string): Promise<void>;
  /** Goes away without waiting. */
  leave(): void;
}

/** Sends a request and does not wait for its answer. */
export function openCall(url: string, { method = 'POST', headers = {}, body }: SendOptions): OpenCall {
  let status: number | undefined;
  let text = '';
  const given = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined));
  const req = request(url, { method, headers: given, agent: false });
  const ended = new Promise<number | undefined>((resolve) => {
    req.on('response', (res) => {
      status = res.statusCode;
      res.setEncoding('utf8').on('data', (part: string) => (text += part));
      res.on('error', () => undefined).on('close', () => resolve(status));
    });
    req.on('error', () => resolve(status));
  });
  req.end(body);
  return {
    status: () => status,
    text: () => text,
    ended,
    waitForText: (part) => waitFor(() => text.includes(part) || undefined, `"${part}"`).then(() => undefined),
    leave: () => void req.destroy(),
  };
}
