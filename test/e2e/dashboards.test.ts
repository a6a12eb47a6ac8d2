import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { debianProgram } from '../../packages/core/test/support/debian-program.ts';
import type { Exposition } from './support/exposition.ts';
import { filledIn, observabilityFile, readDashboard, readRules } from './support/observability-files.ts';
import { startPrometheus } from './support/prometheus.ts';
import { queryProblems } from './support/promql.ts';
import { startScrapedTarget, type ScrapedTarget } from './support/scraped-target.ts';
import { verifies } from './support/verifies.ts';

const rules = readRules();
const alerts = rules.flatMap((rule) => (rule.alert === undefined ? [] : [{ ...rule, alert: rule.alert }]));
const recorded = new Map(rules.flatMap(({ record, expr }) => (record === undefined ? [] : [[record, expr]])));
const dashboard = readDashboard();
const queries = dashboard.panels.flatMap(({ title, targets = [] }) =>
  targets.map(({ expr }) => ({ title, expr: filledIn(expr) })),
);

let scraped: ScrapedTarget;
let told: Exposition;
beforeAll(async () => {
  scraped = await startScrapedTarget();
  await scraped.drive();
  told = await scraped.scrapeWith(...scraped.everything);
});
afterAll(() => scraped.close());

describe('the dashboard', () => {
  verifies('METRICS-QUERIES', 'names in every panel what a server tells', () => {
    expect(queries.length).toBeGreaterThan(25);
    expect(queries.flatMap(({ title, expr }) => queryProblems(expr, told).map((it) => `${title}: ${it}`))).toEqual([]);
  });

  verifies('METRICS-QUERIES', 'fills its variables from what a server tells', () => {
    const variables = dashboard.templating.list.filter(({ type }) => type === 'query');
    expect(variables.map(({ name }) => name)).toEqual(['job', 'instance']);
    for (const { name, definition = '' } of variables) {
      const found = /^label_values\((.+), (\w+)\)$/.exec(definition);
      expect([name, found?.[2]]).toEqual([name, name]);
      expect(queryProblems(filledIn(found?.[1] ?? ''), told)).toEqual([]);
    }
  });

  verifies(
    'METRICS-QUERIES',
    'is one that Grafana can show: its own uid, panels with ids of their own that do not overlap',
    () => {
      expect(dashboard).toMatchObject({ uid: 'sallyport', title: 'Sallyport', schemaVersion: 39 });
      const { panels } = dashboard;
      expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
      const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
        Array.from({ length: w * h }, (_, index) => `${x + (index % w)},${y + Math.floor(index / w)}`),
      );
      expect(new Set(cells).size).toBe(cells.length);
      for (const { type, title, datasource, targets, gridPos } of panels) {
        expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
        if (type === 'row') continue;
        expect([title, datasource?.uid, (targets ?? []).length > 0]).toEqual([title, '${datasource}', true]);
      }
    },
  );
});

describe('the rules', () => {
  verifies('METRICS-QUERIES', 'name what a server tells', () => {
    const problems = rules.flatMap(({ record, alert, expr }) =>
      queryProblems(expr, told, recorded).map((it) => `${record ?? alert}: ${it}`),
    );
    // Nothing fails inside of this server, and it answers no call with -32603.
    expect(problems).toEqual([
      'SallyportServerErrors: mcp_server_operation_duration_seconds_count has no error_type =~ "_OTHER|-32603"',
    ]);
  });

  verifies(
    'METRICS-ALERTS',
    'have for every alert a severity, a runbook that exists, and a test in which it fires',
    () => {
      const readme = readFileSync(observabilityFile('README.md'), 'utf8');
      const tests = readFileSync(observabilityFile('prometheus/sallyport.rules.test.yml'), 'utf8');
      for (const { alert, labels, annotations } of alerts) {
        expect([alert, labels?.['severity']]).toEqual([alert, expect.stringMatching(/^(?:page|ticket)$/)]);
        expect(annotations?.['runbook']).toMatch(new RegExp(`/examples/observability#${alert.toLowerCase()}$`));
        expect(readme).toContain(`\n### ${alert}\n`);
        expect(tests).toContain(alert);
      }
      const sections = new Set([...readme.matchAll(/^### (Sallyport\w+)$/gm)].map(([, name]) => name));
      expect(sections).toEqual(new Set(alerts.map(({ alert }) => alert)));
    },
  );

  verifies(
    'METRICS-ALERTS',
    'load in Prometheus, and fire on planted series and on nothing else',
    async () => {
      const promtool = await debianProgram('promtool', 'prometheus', 'that the alerts load and fire');
      if (promtool === undefined) return;
      for (const args of [
        ['check', 'rules', 'sallyport.rules.yml'],
        ['check', 'config', 'prometheus.yml'],
        ['test', 'rules', 'sallyport.rules.test.yml'],
      ]) {
        const run = spawnSync(promtool, args, { cwd: observabilityFile('prometheus'), encoding: 'utf8' });
        expect({ args, status: run.status, says: run.status === 0 ? '' : run.stdout + run.stderr }).toEqual({
          args,
          status: 0,
          says: '',
        });
      }
    },
    60_000,
  );
});

describe('a Prometheus that scrapes the server', () => {
  verifies(
    'METRICS-QUERIES',
    'evaluates every query of the dashboard, with a result, and every rule',
    async () => {
      const program = await debianProgram('prometheus', 'prometheus', 'that Prometheus evaluates the queries');
      if (program === undefined) return;
      const prometheus = await startPrometheus(
        program,
        scraped.url,
        observabilityFile('prometheus/sallyport.rules.yml'),
      );
      try {
        await scraped.drive();
        await expect
          .poll(() => prometheus.query('rate(sallyport_audit_records_total[1m]) > 0'), { timeout: 10_000 })
          .toBe(1);
        const empty: string[] = [];
        for (const { title, expr } of queries) if ((await prometheus.query(expr)) === 0) empty.push(title);
        expect(empty).toEqual([]);
        await expect
          .poll(async () => new Set((await prometheus.rules()).values()), { timeout: 10_000 })
          .toEqual(new Set(['ok']));
        await expect(prometheus.query('rate(sallyport_ready)')).rejects.toThrow(/expected type range vector/);
      } finally {
        await prometheus.close();
      }
    },
    60_000,
  );
});

describe('the check of queries', () => {
  verifies(
    'METRICS-QUERIES',
    'finds what is planted: a metric, a label, a value, a grouping and syntax that are wrong',
    () => {
      const found = (query: string): string[] => queryProblems(query, told, recorded);
      const decisions = 'sallyport_auth_decisions_total';
      expect(found('rate(sallyport_auth_decision_total[5m])')).toEqual([
        'no metric has the name sallyport_auth_decision_total',
      ]);
      expect(found(`rate(${decisions}{effect="deny"}[5m])`)).toEqual([`${decisions} has no label effect`]);
      expect(found(`rate(${decisions}{sallyport_effect="denied"}[5m])`)).toHaveLength(1);
      expect(found(`rate(${decisions}{sallyport_reason=~"no.*|x"}[5m])`)).toEqual([]);
      expect(found(`sum by (reason) (rate(${decisions}[5m]))`)).toHaveLength(1);
      expect(found(`sum by (sallyport_reason) (rate(${decisions}[5m])`)).not.toEqual([]);
      expect(found('sallyport:no_such_rule > 1')).toHaveLength(1);
      expect(found('')).not.toEqual([]);
    },
  );
});
