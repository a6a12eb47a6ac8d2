import type { IncomingMessage, ServerResponse } from 'node:http';

/** Answers one scrape, whatever its path. */
export type ScrapeHandler = (req: IncomingMessage, res: ServerResponse) => void;

/**
 * Answers `GET` with the text of the metrics, in the exposition format 0.0.4, and every other method with 405. Scrapes that come at the
 * same time share one text; one that can not be made is a 500 that says nothing.
 */
export function createScrapeHandler(collect: () => Promise<string>): ScrapeHandler {
  let collecting: Promise<string> | undefined;

  function shared(): Promise<string> {
    collecting ??= collect().finally(() => {
      collecting = undefined;
    });
    return collecting;
  }

  return (req, res) => {
    if (req.method !== 'GET') {
      res.setHeader('Allow', 'GET');
      answer(res, 405, 'Only GET.\n');
      return;
    }
    shared().then(
      (text) => answer(res, 200, text),
      () => answer(res, 500, 'The metrics could not be collected.\n'),
    );
  };
}

/** Ends an answer that no cache and no page of another origin may use. */
export function answer(res: ServerResponse, status: number, text: string): void {
  res.statusCode = status;
  res.setHeader('Content-Type', `text/plain; ${status === 200 ? 'version=0.0.4; ' : ''}charset=utf-8`);
  res.setHeader('Cache-Control', 'no-store');
  res.setHeader('X-Content-Type-Options', 'nosniff');
  res.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
  res.end(text);
}
