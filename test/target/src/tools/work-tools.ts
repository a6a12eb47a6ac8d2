import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { recordEffect } from '../effects.ts';
import { failure, text, type Tool, type ToolRun } from './tool.ts';

const progressSteps = 4;

export const workTools: readonly Tool[] = [
  {
    name: 'sleep',
    description: 'Waits; with progress it reports progress and so streams',
    input: { ms: z.number().min(0).max(600_000), progress: z.boolean().optional() },
    async run(args, run) {
      recordEffect('sleep', run.caller?.subject);
      await sleep(Number(args['ms']), args['progress'] === true, run);
      return text(`Slept ${String(args['ms'])} ms.`);
    },
  },
  {
    name: 'crash',
    description: 'Throws, or ends the process at once',
    input: { mode: z.enum(['throw', 'exit']) },
    run(args, { caller }) {
      recordEffect('crash', caller?.subject);
      if (args['mode'] === 'exit') process.exit(70);
      throw new Error('crash on request');
    },
  },
  {
    name: 'slow-report',
    description: 'Makes a report; fails failTimes times first, or for good with fatal',
    input: {
      seconds: z.number().min(0).max(600),
      failTimes: z.number().int().min(0).max(100).optional(),
      fatal: z.boolean().optional(),
    },
    async run(args, { caller, signal }) {
      const failures = Number(args['failTimes'] ?? 0);
      for (let attempt = 0; attempt <= failures; attempt++) {
        recordEffect('slow-report', caller?.subject);
        if (args['fatal'] === true) return failure('The report can not be made.');
      }
      await delay(Number(args['seconds']) * 1000, undefined, { signal });
      return text('The report is ready.');
    },
  },
];

async function sleep(ms: number, progress: boolean, run: ToolRun): Promise<void> {
  if (!progress) {
    await delay(ms, undefined, { signal: run.signal });
    return;
  }
  for (let step = 1; step <= progressSteps; step++) {
    await delay(ms / progressSteps, undefined, { signal: run.signal });
    await run.progress(step, progressSteps);
  }
}
