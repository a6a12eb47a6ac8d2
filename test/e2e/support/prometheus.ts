import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { waitFor } from './target.ts';

/** A Prometheus that scrapes one endpoint, with the rules of a file. */
export interface Prometheus {
  /** How many series the query gives now. Rejects with what Prometheus says when it can not evaluate it. */
  query(expression: string): Promise<number>;
  /** The state of each rule: `ok`, `err` or `unknown`, by name. */
  rules(): Promise<ReadonlyMap<string, string>>;
  close(): Promise<void>;
}

interface Answer {
  readonly status: string;
  readonly error?: string;
  readonly data: {
    readonly result?: readonly unknown[];
    readonly groups?: readonly { readonly rules: readonly { readonly name: string; readonly health: string }[] }[];
  };
}

/** Starts a Prometheus and waits until it has scraped twice. */
export async function startPrometheus(program: string, target: string, ruleFile: string): Promise<Prometheus> {
  const folder = mkdtempSync(path.join(tmpdir(), 'sallyport-prometheus-'));
  const { host, pathname } = new URL(target);
  const config = {
    global: { scrape_interval: '1s', evaluation_interval: '1s' },
    rule_files: [ruleFile],
    scrape_configs: [{ job_name: 'mcp', metrics_path: pathname, static_configs: [{ targets: [host] }] }],
  };
  writeFileSync(path.join(folder, 'prometheus.json'), JSON.stringify(config));
  const port = await freePort();
  const child = spawn(
    program,
    [
      `--config.file=${path.join(folder, 'prometheus.json')}`,
      `--storage.tsdb.path=${path.join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=error',
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const ask = async (asked: string): Promise<Answer> =>
    (await (await fetch(`http://127.0.0.1:${port}/api/v1/${asked}`)).json()) as Answer;
  const query = async (expression: string): Promise<number> => {
    const { status, error, data } = await ask(`query?query=${encodeURIComponent(expression)}`);
    if (status !== 'success') throw new Error(`${expression}: ${error}`);
    return data.result?.length ?? 0;
  };
  const scraped = async (): Promise<true | undefined> =>
    (await query('count_over_time(sallyport_ready[1m]) >= 3').catch(() => 0)) > 0 || undefined;
  await waitFor(scraped, 'three scrapes of Prometheus');
  return {
    query,
    async rules() {
      const { data } = await ask('rules');
      const found = (data.groups ?? []).flatMap(({ rules }) => rules);
      return new Map(found.map(({ name, health }) => [name, health]));
    },
    async close() {
      await end(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function end(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
