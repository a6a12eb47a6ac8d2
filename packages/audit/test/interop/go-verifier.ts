import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface GoInput {
  readonly verifiers: readonly string[];
  readonly note: string;
  /** How many signatures must hold. */
  readonly signatures: number;
  /** All lines of the tree; left out when the proofs are to be enough. */
  readonly lines?: readonly string[];
  readonly inclusion?: readonly { readonly index: number; readonly line: string; readonly proof: readonly string[] }[];
  readonly consistency?: readonly { readonly size: number; readonly root: string; readonly proof: readonly string[] }[];
}

export interface GoVerifier {
  verify(input: GoInput): Promise<{ readonly ok?: true; readonly problem?: string }>;
  close(): Promise<void>;
}

/** Go as Debian packages it, offline: golang-go and golang-golang-x-mod-dev. */
const environment = {
  ...process.env,
  GO111MODULE: 'off',
  GOPATH: '/usr/share/gocode',
  GOFLAGS: '-mod=mod',
  GOPROXY: 'off',
  GOTOOLCHAIN: 'local',
};

/** The verifier of the Go project, built; or why there is none. */
export async function buildGoVerifier(): Promise<GoVerifier | { readonly missing: string }> {
  const directory = await mkdtemp(join(tmpdir(), 'sallyport-interop-'));
  const program = join(directory, 'verify');
  const source = fileURLToPath(new URL('verify.go', import.meta.url));
  try {
    const env = { ...environment, GOCACHE: join(directory, 'cache') };
    await run('go', ['build', '-o', program, source], { env });
  } catch (error) {
    await rm(directory, { recursive: true, force: true });
    return { missing: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error) };
  }
  return {
    close: () => rm(directory, { recursive: true, force: true }),
    verify: (input) =>
      new Promise((resolve, reject) => {
        const child = spawn(program, { stdio: ['pipe', 'pipe', 'inherit'] });
        let text = '';
        child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        child.on('error', reject);
        child.on('close', (code) => {
          if (code === 0) resolve(JSON.parse(text) as { ok?: true; problem?: string });
          else reject(new Error(`the verifier ended with ${code}`));
        });
        child.stdin.end(JSON.stringify(input));
      }),
  };
}
