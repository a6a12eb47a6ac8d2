import { fixedAnswer } from '../server/call.ts';
import type { RowServer } from './row-server.ts';

/** What Node can do: the body is read to its end and not looked at. */
export function createNodeHttpRow(): RowServer {
  const answer = JSON.stringify(fixedAnswer);
  return {
    listener(req, res) {
      req.resume().once('end', () => {
        res.writeHead(200, { 'content-type': 'application/json', 'content-length': answer.length }).end(answer);
      });
    },
    close: () => Promise.resolve(),
  };
}
