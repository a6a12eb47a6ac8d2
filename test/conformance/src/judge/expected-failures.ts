import { readFile } from 'node:fs/promises';

import { parse } from 'yaml';
import * as z from 'zod';

const expectedFailuresFile = z.strictObject({ server: z.array(z.string()) });

/** Only scenarios of an extension that is not built yet may be expected to fail. */
const allowedPrefix = 'tasks-';

/** Reads the scenarios that are known to fail, from the file that the suite is given too. */
export async function readExpectedFailures(file: string): Promise<ReadonlySet<string>> {
  const { server } = expectedFailuresFile.parse(parse(await readFile(file, 'utf8')));
  const excuse = server.find((scenario) => !scenario.startsWith(allowedPrefix));
  if (excuse !== undefined) throw new Error(`${file}: ${excuse} may not be expected to fail, only ${allowedPrefix}*`);
  return new Set(server);
}
