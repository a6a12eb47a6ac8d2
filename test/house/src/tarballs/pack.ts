import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

/** The package manager's version, for a machine that has none. */
const packageManager = 'pnpm@12.18.0';

/** A packed package, as it would be published. */
export interface Tarball {
  /** Absolute path of the `.tgz`. */
  readonly path: string;
  readonly name: string;
  /** Its files, without the leading `package/`, sorted. */
  readonly files: readonly string[];
}

/** Packs every package, hands the tarballs to `use`, and removes them. */
export function withTarballs<T>(root: string, use: (tarballs: readonly Tarball[]) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-pack-'));
  try {
    pnpm(root, ['--recursive', '--filter', './packages/*', 'pack', '--pack-destination', folder]);
    const paths = readdirSync(folder).sort();
    return use(paths.map((file) => readTarball(join(folder, file))));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function readTarball(path: string): Tarball {
  const list = execFileSync('tar', ['-tzf', path], { encoding: 'utf8' });
  const manifest = execFileSync('tar', ['-xzOf', path, 'package/package.json'], { encoding: 'utf8' });
  const files = list.trim().split('\n');
  return {
    path,
    name: (JSON.parse(manifest) as { name: string }).name,
    files: files.map((file) => file.replace(/^package\//, '')).sort(),
  };
}

/** Runs the pnpm that runs this script, or fetches one: a machine needs only Node and npm. */
function pnpm(root: string, args: readonly string[]): void {
  const running = process.env['npm_execpath'];
  const known = running !== undefined && basename(running).startsWith('pnpm');
  const [command, ...before] = known
    ? /\.[cm]?js$/.test(running)
      ? [process.execPath, running]
      : [running]
    : ['npx', '-y', packageManager];
  execFileSync(command, [...before, ...args], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
}
