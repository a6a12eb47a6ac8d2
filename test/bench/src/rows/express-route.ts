import express from 'express';

import { fixedAnswer } from '../server/call.ts';
import type { RowServer } from './row-server.ts';

/** What Express can do: one route with a parsed body. */
export function createExpressRow(): RowServer {
  const app = express();
  app.post('/mcp', express.json(), (_req, res) => void res.json(fixedAnswer));
  return { listener: app, close: () => Promise.resolve() };
}
