import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

/** A path in the folder of dashboards and rules. */
export function observabilityFile(name: string): string {
  return fileURLToPath(new URL(`../../../examples/observability/${name}`, import.meta.url));
}

export interface Rule {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** The recording rules and alerts. */
export function readRules(): readonly Rule[] {
  const { groups } = parse(readFileSync(observabilityFile('prometheus/sallyport.rules.yml'), 'utf8')) as {
    readonly groups: readonly { readonly rules: readonly Rule[] }[];
  };
  return groups.flatMap(({ rules }) => rules);
}

export interface Panel {
  readonly id: number;
  readonly title: string;
  readonly type: string;
  readonly datasource?: { readonly type: string; readonly uid: string };
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly { readonly refId: string; readonly expr: string }[];
}

export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly schemaVersion: number;
  readonly panels: readonly Panel[];
  readonly templating: {
    readonly list: readonly { readonly name: string; readonly type: string; readonly definition?: string }[];
  };
}

export function readDashboard(): Dashboard {
  return JSON.parse(readFileSync(observabilityFile('grafana/sallyport.json'), 'utf8')) as Dashboard;
}

/** A query of the dashboard as Grafana sends it, with everything chosen. */
export function filledIn(query: string): string {
  return query
    .replaceAll('$job', '.+')
    .replaceAll('$instance', '.+')
    .replaceAll('$__rate_interval', '1m')
    .replaceAll('$__range', '1h');
}
