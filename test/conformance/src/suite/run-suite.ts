import { spawn } from 'node:child_process';

/** The suite's exact release: another one has other scenarios. */
const suitePackage = '@modelcontextprotocol/conformance@0.2.0-alpha.12';

/** The suite needs Node 22 or newer; the servers under test run on whatever Node this process has. */
const suiteNode = 'node@24';

export interface RunSuiteOptions {
  readonly url: string;
  readonly revision: string;
  readonly expectedFailuresFile: string;
  /** Where the suite writes a folder for each scenario. */
  readonly outputDirectory: string;
  /** Ends the run. */
  readonly signal: AbortSignal;
}

export interface SuiteRun {
  /** `null` when the run was ended. */
  readonly exitCode: number | null;
  /** How many scenarios the requirement set has; 0 when the suite did not get as far as to say so. */
  readonly scenarios: number;
  /** Everything the suite said, for when something is wrong. */
  readonly log: string;
}

/** Runs one requirement set of the official suite against a server, through npm, in a process of its own. */
export function runSuite(options: RunSuiteOptions): Promise<SuiteRun> {
  const args = ['-y', '-p', suiteNode, '-p', suitePackage, 'conformance', 'server'];
  args.push('--url', options.url, '--requirements', options.revision);
  args.push('--expected-failures', options.expectedFailuresFile, '--output-dir', options.outputDirectory);
  options.signal.throwIfAborted();

  return new Promise((resolve, reject) => {
    // Its own process group: npx starts a shell that starts the suite, and all of them must end together.
    const child = spawn('npx', args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    const stop = (): void => {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    };
    options.signal.addEventListener('abort', stop, { once: true });

    const chunks: string[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk));
    }
    child.once('error', reject);
    child.once('close', (exitCode) => {
      options.signal.removeEventListener('abort', stop);
      const log = chunks.join('');
      const scenarios = Number(/Running requirements \S+ \((\d+) scenarios\)/.exec(log)?.[1] ?? 0);
      resolve({ exitCode, scenarios, log });
    });
  });
}
