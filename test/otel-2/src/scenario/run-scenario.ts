import type { HostSdk, SeenPoint, SeenSpan } from './host-sdk.ts';
import { openGuarded } from './open-guarded.ts';
import { leave, post, type Call } from './requests.ts';

export { seenPoints, seenSpan, type HostSdk } from './host-sdk.ts';

/** The trace of the caller, in every call that has one. */
export const caller = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' } as const;

/** What the process prints. */
export interface ScenarioReport {
  readonly line: string;
  readonly node: string;
  /** The id of the request of each outcome; `-1` for requests that have none. */
  readonly calls: Readonly<Record<string, { readonly id: number; readonly httpStatus: number }>>;
  readonly spans: readonly SeenSpan[];
  readonly points: readonly SeenPoint[];
  /** What must be in no span and no metric. */
  readonly secrets: readonly string[];
  /** Trace ids and spans of the records of each call, by request id. */
  readonly records: readonly {
    readonly id: unknown;
    readonly type: string;
    readonly trace?: { traceId: string; spanId: string };
  }[];
}

const secrets = {
  pin: 'canary-pin-4711',
  password: 'canary-password-correct-horse',
  baggage: 'canary-baggage-mallory',
  argument: 'canary-argument-hello',
};

const meta = { traceparent: `00-${caller.traceId}-${caller.spanId}-01`, baggage: `user=${secrets.baggage}` };

/** Plays every outcome of a call over HTTP and tells what the host's OpenTelemetry saw. */
export async function runScenario(sdk: HostSdk, telemetry: Record<string, unknown>): Promise<ScenarioReport> {
  const host = await openGuarded(sdk, telemetry);
  const token = await host.token();
  const calls: Record<string, { id: number; httpStatus: number }> = {};
  let next = 0;
  const play = async (name: string, call: Omit<Call, 'id'>, send = post, bearer = token): Promise<void> => {
    next += 1;
    calls[name] = { id: next, httpStatus: await send(host.url, bearer, { ...call, id: next }) };
  };
  const tool = (name: string, more: Partial<Call> = {}): Omit<Call, 'id'> => ({
    method: 'tools/call',
    params: { name, arguments: {} },
    ...more,
  });

  const content = { text: secrets.argument, pin: secrets.pin, password: secrets.password };
  await play('ok', { method: 'tools/call', params: { name: 'echo', arguments: content }, meta });
  await play('list', { method: 'tools/list' });
  await play('tool error', tool('fail'));
  await play('denial', tool('forbidden', { meta }));
  await play('hidden', tool('hidden'));
  await play('invalid', tool('echo', { headers: { 'mcp-name': 'fail' } }));
  await play('crashed', tool('crash'));
  await play('cancelled', tool('cancel'));
  await play('disconnected', tool('hang'), leave);
  for (let index = 0; index < 40; index += 1) await play(`invented tool ${index}`, tool(`made-up-tool-${index}`));
  for (let index = 0; index < 40; index += 1) await play(`invented method ${index}`, { method: `made-up/${index}` });
  await play('no token', tool('echo'), post, '');
  host.breakLog();
  await play('no log', tool('echo'));
  const outcomes = (id: number): boolean =>
    host.records.some(({ type, mcp }) => type === 'mcp.outcome' && mcp?.requestId === id);
  await until(() => outcomes(calls['disconnected']?.id ?? 0));
  if (telemetry['mode'] !== 'propagation-only')
    await until(() => Object.values(calls).every(({ id, httpStatus }) => httpStatus === 401 || hasEnded(sdk, id)));

  const points = await sdk.points();
  const report: ScenarioReport = {
    line: sdk.line,
    node: process.version,
    calls,
    spans: sdk.spans(),
    points,
    secrets: [token, ...token.split('.'), 'canary-subject-alice', ...Object.values(secrets)],
    records: host.records.map(({ mcp, type, trace }) => ({ id: mcp?.requestId, type, ...(trace && { trace }) })),
  };
  await host.close();
  return report;
}

function hasEnded(sdk: HostSdk, id: number): boolean {
  return sdk.spans().some(({ attributes }) => attributes['jsonrpc.request.id'] === String(id));
}

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 500 && !holds(); tries += 1) await new Promise((resolve) => setTimeout(resolve, 10));
}
