import type { ServerResponse } from 'node:http';

const totalBytes = 64 * 1024 * 1024;
const chunk = Buffer.alloc(256 * 1024, ' ');
const dripEveryMs = 100;

/** Writes a body that is never complete: JSON so far, a byte every tenth of a second. */
export function drip(response: ServerResponse): void {
  response.write('{');
  const timer = setInterval(() => response.write(' '), dripEveryMs);
  response.once('close', () => clearInterval(timer));
}

/** Writes 64 MiB of JSON, as fast as the other side reads. */
export function pour(response: ServerResponse): void {
  let written = 0;
  const more = (): void => {
    while (written < totalBytes) {
      if (response.destroyed) return;
      written += chunk.length;
      if (!response.write(chunk)) {
        response.once('drain', more);
        return;
      }
    }
    response.end('{}');
  };
  more();
}
