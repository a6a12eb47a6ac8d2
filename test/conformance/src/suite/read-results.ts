import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import * as z from 'zod';

import type { ScenarioResult } from './scenario-result.ts';

const checksFile = z.array(
  z.object({
    id: z.string(),
    name: z.string(),
    status: z.enum(['SUCCESS', 'FAILURE', 'WARNING', 'SKIPPED', 'INFO']),
    errorMessage: z.string().optional(),
    details: z.unknown().optional(),
  }),
);

/** `server-<scenario>-<time>`, where the time ends in `Z`. */
const folderName = /^server-(.+)-\d{4}-\d{2}-\d{2}T[\d-]+Z$/;

/** Reads what the suite wrote: a folder for each scenario, ordered as they ran. */
export async function readResults(outputDirectory: string): Promise<ScenarioResult[]> {
  const folders = await readdir(outputDirectory);
  const results = folders.map(async (folder): Promise<ScenarioResult> => {
    const scenario = folderName.exec(folder)?.[1];
    if (scenario === undefined) throw new Error(`the suite wrote a folder with an unknown name: ${folder}`);
    return { scenario, checks: await readChecks(join(outputDirectory, folder, 'checks.json')) };
  });
  return (await Promise.all(results)).sort((a, b) => a.scenario.localeCompare(b.scenario));
}

async function readChecks(file: string): Promise<ScenarioResult['checks']> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch {
    // A scenario that threw leaves its folder empty.
    return [
      { id: 'no-result', name: 'NoResult', status: 'FAILURE', errorMessage: 'The scenario ended without a result.' },
    ];
  }
  return checksFile.parse(JSON.parse(text)) as ScenarioResult['checks'];
}
