import { readExposition, type Exposition } from './exposition.ts';
import { openGuard, type Guard } from './guard.ts';
import { startLocalIssuer, type LocalIssuer } from './local-issuer.ts';
import { legacy, modern, send } from './mcp-request.ts';
import { openCall } from './open-call.ts';
import { startCollector, type OtlpCollector } from './otlp-collector.ts';
import { waitFor } from './target.ts';

/** A guarded server that has gone through everything a metric tells of, and what a scraper gets of it. */
export interface ScrapedTarget {
  readonly guard: Guard;
  /** Where it is scraped. */
  readonly url: string;
  /** The text of a scrape now. */
  scrape(): Promise<string>;
  /** Waits until a scrape has these, and reads it. */
  scrapeWith(...texts: string[]): Promise<Exposition>;
  /** Texts of a scrape that has everything, after `drive`. */
  readonly everything: readonly string[];
  /** Sends what makes every kind of outcome, once more. */
  drive(): Promise<void>;
  close(): Promise<void>;
}

/** Names that only a caller knows. */
export const madeUp = 'made-up-by-a-caller';

/** What comes late: a caller that left, attempts of the exports, the report of their lag, the anchor, a second fetch of keys. */
const everything = [
  'error_type="disconnected"',
  'sallyport_audit_export_retries_total{sallyport_audit_export="dead"}',
  'sallyport_audit_export_delay_seconds{sallyport_audit_export="refusing"}',
  'sallyport_audit_anchored_total',
  'sallyport_audit_anchor_lag_seconds',
  'sallyport_cause="retry"',
];

/** One issuer has no keys, one receiver refuses what it gets, and one answers nothing. */
export async function startScrapedTarget(): Promise<ScrapedTarget> {
  const keyless = await startLocalIssuer();
  keyless.answer = (_request, response) => response.writeHead(500).end();
  const [dead, refusing] = [await startCollector(), await startCollector()];
  await dead.stop();
  refusing.fail({ status: 400 });
  const guard = await openGuard({ config: configOf(dead, refusing), issuers: (idp) => issuersOf(idp.issuer, keyless) });
  const url = await waitFor(() => listeningAt(guard.target.stderr()), 'the line that names the metrics endpoint');
  const scrape = async (): Promise<string> => (await fetch(url)).text();
  return {
    guard,
    url,
    scrape,
    async scrapeWith(...texts) {
      const text = await waitFor(async () => {
        const now = await scrape();
        return texts.every((one) => now.includes(one)) ? now : undefined;
      }, texts.join(', '));
      return readExposition(text);
    },
    everything,
    drive: () => drive(guard),
    async close() {
      await guard.close();
      await Promise.all([keyless.close(), refusing.stop()]);
    },
  };
}

function configOf(dead: OtlpCollector, refusing: OtlpCollector): Record<string, unknown> {
  return {
    telemetry: { prometheus: { port: 0 } },
    publicMethods: ['ping'],
    audit: {
      anchors: [{ type: 'file', path: './checkpoints.jsonl', intervalSeconds: 1 }],
      export: [
        { type: 'otlp', name: 'dead', endpoint: dead.endpoint, format: 'json', timeoutMs: 500 },
        { type: 'otlp', name: 'refusing', endpoint: refusing.endpoint, format: 'json', compression: 'none' },
      ],
    },
  };
}

function issuersOf(good: string, keyless: LocalIssuer): readonly unknown[] {
  return [{ issuer: good }, { issuer: keyless.url }];
}

function listeningAt(stderr: string): string | undefined {
  const line = stderr.split('\n').find((one) => one.includes('"sallyport.metrics.listening"'));
  return line === undefined ? undefined : (JSON.parse(line) as { readonly url: string }).url;
}

async function drive(guard: Guard): Promise<void> {
  const { good } = guard;
  const call = (name: string, args: Record<string, unknown> = {}): readonly [string, Record<string, unknown>] => [
    'tools/call',
    { name, arguments: args },
  ];
  const nobody = await guard.token({ subject: 'nobody', scopes: [] });
  await guard.send({});
  await guard.send({}, 'legacy');
  await guard.send({ rpc: ['tools/list'] });
  await guard.send({ rpc: ['prompts/get', { name: 'summarize', arguments: {} }] });
  await guard.send({ rpc: ['resources/read', { uri: 'note:///1' }] });
  await guard.send({ rpc: call('crash', { mode: 'throw' }) });
  await guard.send({ rpc: call('echo', { text: 7 }) });
  await guard.send({ rpc: call('write-note', { id: '1', text: 'x' }), token: nobody });
  await guard.send({ rpc: call(madeUp) });
  await guard.send({ rpc: [madeUp] });
  await guard.send({ rpc: ['prompts/get', { name: madeUp }] });
  await guard.send({ token: null });
  await guard.send({ token: `${good}x` });
  await guard.send({ rpc: ['ping'], token: null });
  await guard.send({ headers: { 'mcp-method': 'tools/list' }, eras: ['modern'] });
  const wrongVersion = legacy('ping', {}, { token: good });
  await send(guard.target.url, {
    ...wrongVersion,
    headers: { ...wrongVersion.headers, 'mcp-protocol-version': '2029-01-01', 'user-agent': guard.userAgent() },
  });
  await disconnect(guard);
}

/** A caller that does not wait for its answer. */
async function disconnect(guard: Guard): Promise<void> {
  const userAgent = guard.userAgent();
  const made = modern('tools/call', { name: 'sleep', arguments: { ms: 30_000 } }, { token: guard.good });
  const open = openCall(guard.target.url, { ...made, headers: { ...made.headers, 'user-agent': userAgent } });
  await guard.target.waitForRecord((record) => record.source?.userAgent === userAgent);
  open.leave();
  await open.ended;
}
