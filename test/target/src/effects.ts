import { appendFileSync } from 'node:fs';

const file = process.env['EFFECTS_FILE'];

/** Writes down that a body ran, before it does anything else: a check reads this file to prove that a refused call ran nothing. */
export function recordEffect(tool: string, sub: string | undefined): void {
  if (file === undefined) return;
  appendFileSync(file, `${JSON.stringify({ tool, sub: sub ?? null, at: new Date().toISOString() })}\n`);
}
