import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { VerifyReport } from '@sallyport/audit';
import { HtmlValidate } from 'html-validate';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { debianProgram } from '../../../../core/test/support/debian-program.ts';
import {
  allowed,
  auditDirectory,
  closedStory,
  denied,
  outcome,
  signingKey,
  signSegment,
  temporaryDirectory,
  type RecordFields,
} from '../../support/audit-log.ts';
import { run } from '../../support/run.ts';
import { hostileLog, hostileNames } from './hostile-log.ts';

let browser: Browser | undefined;
const switches = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
];

beforeAll(async () => {
  const executablePath = await debianProgram('chromium', 'chromium', 'that a report opens in a browser as it should');
  if (executablePath !== undefined) browser = await chromium.launch({ executablePath, args: switches });
}, 320_000);
afterAll(() => browser?.close());

interface Opened {
  readonly page: Page;
  /** Whatever the browser complained about, and asked the network for. */
  readonly trouble: readonly string[];
}

/** The page in a browser; `undefined` where there is none, which `beforeAll` has said. */
async function open(file: string, scheme: 'light' | 'dark' = 'light', width = 1280): Promise<Opened | undefined> {
  if (browser === undefined) return undefined;
  const trouble: string[] = [];
  const page = await browser.newPage({ colorScheme: scheme, viewport: { width, height: 900 } });
  page.on('console', (message) => trouble.push(`console ${message.text()}`));
  page.on('pageerror', (error) => trouble.push(`error ${error.message}`));
  page.on('dialog', (dialog) => trouble.push(`dialog ${dialog.message()}`));
  page.on('request', (request) => {
    const url = request.url();
    if (url !== pathToFileURL(file).href && url !== 'data:,') trouble.push(`request ${url}`);
  });
  await page.goto(pathToFileURL(file).href);
  return { page, trouble };
}

async function reported(records: readonly RecordFields[], ...args: readonly string[]) {
  const directory = await auditDirectory(records);
  await signSegment(directory);
  const file = join(await temporaryDirectory(), 'report.html');
  const { code, stderr } = await run(['audit', 'report', directory, '--out', file, ...args]);
  return { directory, file, code, stderr, text: await readFile(file, 'utf8') };
}

/** The cells of a table, row by row. What runs in the page is text: these tests know nothing of its types. */
function cellsOf(page: Page, table: string, part = 'tbody'): Promise<string[][]> {
  const rows = `[...document.querySelectorAll('#${table} ${part} tr')]`;
  return page.evaluate<string[][]>(`${rows}.map((row) => [...row.children].map((cell) => cell.innerText))`);
}

interface Group extends Record<string, string | number> {
  readonly calls: number;
  readonly allowed: number;
  readonly denied: number;
}

/** What audit query counts. */
async function queried(directory: string, type: string, keys: string, ...more: readonly string[]): Promise<Group[]> {
  const { stdout } = await run(['audit', 'query', directory, '--type', type, '--group-by', keys, ...more, '--json']);
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Group);
}

const html = new HtmlValidate({
  extends: ['html-validate:standard', 'html-validate:a11y'],
  // A matter of taste, and of the formatter.
  rules: { 'long-title': 'off', 'no-trailing-whitespace': 'off', 'void-style': 'off', 'no-inline-style': 'error' },
});

async function problemsOf(text: string): Promise<string[]> {
  const { results } = await html.validateString(text);
  return results.flatMap(({ messages }) =>
    messages.map(({ ruleId, message, line }) => `${line} ${ruleId}: ${message}`),
  );
}

const busy: readonly RecordFields[] = [
  ...closedStory.slice(0, -1),
  ...Array.from({ length: 30 }, (_, index) => [
    allowed(`a${index}`, `user ${index % 3}`, 'read-note'),
    outcome(`a${index}`),
    denied(`d${index}`, 'bob', 'write-note'),
  ]).flat(),
  { type: 'audit.stopped', detail: { open: 0 } },
];

describe('the page of a report', { timeout: 60_000 }, () => {
  it('opens without a complaint, a script or a request, in both colour schemes and on a small screen', async () => {
    const { file } = await reported(busy);
    for (const [scheme, width] of [
      ['light', 1280],
      ['dark', 1280],
      ['light', 360],
    ] as const) {
      const opened = await open(file, scheme, width);
      if (opened === undefined) return;
      const { page, trouble } = opened;
      expect(await page.locator('h2').allTextContents()).toEqual([
        'Summary',
        'Who called what',
        'Denials',
        'Authentication failures and refused requests',
        'Activity and peaks',
        'Administrative events',
        'Observe mode',
        'Completeness and integrity statement',
      ]);
      expect(await page.locator('script, [style], [onload], iframe, form').count()).toBe(0);
      // Only tables may be wider than the window, each in a region of its own.
      expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(width);
      expect(trouble).toEqual([]);
      await page.close();
    }
  });

  it('shows the figures that the other commands print for the same log', async () => {
    const { directory, file } = await reported(busy, '--key', signingKey.verifier.vkey);
    const opened = await open(file);
    if (opened === undefined) return;
    const { page } = opened;
    const bySubject = await queried(directory, 'mcp.decision', 'subject,client,tool');
    const callers = (await cellsOf(page, 'callers')).map(([who = '', client, what = '', calls, allow, deny]) => [
      ...[who.split('\n')[0], client, what.replace(/ tool$/, '')],
      ...[calls, allow, deny].map(Number),
    ]);
    expect(new Set(callers)).toEqual(
      new Set(
        bySubject.map(({ subject, client, tool, ...of }) => [subject, client, tool, of.calls, of.allowed, of.denied]),
      ),
    );
    const total = bySubject.reduce((sum, { calls }) => sum + calls, 0);
    expect((await cellsOf(page, 'callers', 'tfoot'))[0]?.[3]).toBe(String(total));
    const byRule = await queried(directory, 'mcp.decision', 'reason,rule', '--decision', 'deny');
    expect((await cellsOf(page, 'denials')).map(([reason, rule, calls]) => [reason, rule, Number(calls)])).toEqual(
      byRule.map(({ reason, rule, calls }) => [reason, rule, calls]),
    );
    const bySource = await queried(directory, 'auth.failure', 'reason,ip');
    expect((await cellsOf(page, 'failures')).map(([reason, ip, calls]) => [reason, ip, Number(calls)])).toEqual(
      bySource.map(({ reason, ip, calls }) => [reason, ip, calls]),
    );
    const verified = await run(['audit', 'verify', directory, '--key', signingKey.verifier.vkey, '--json']);
    const { streams, ...verdicts } = JSON.parse(verified.stdout) as VerifyReport;
    expect(await page.locator('#integrity ~ .tiles b').allTextContents()).toEqual(
      (['content', 'signer', 'time', 'completeness'] as const).map((aspect) => verdicts[aspect]),
    );
    expect((await cellsOf(page, 'streams')).map((cells) => cells.slice(0, -1))).toEqual(
      streams.map((stream) => [
        stream.stream,
        `${stream.firstSeq}–${stream.lastSeq}`,
        ...(['records', 'covered', 'missing', 'declaredLost'] as const).map((name) => String(stream[name])),
        `${stream.allowsWithOutcome}/${stream.allows}`,
        'yes',
      ]),
    );
  });

  it('can be read without sight and without a mouse', async () => {
    const opened = await open((await reported(busy)).file);
    if (opened === undefined) return;
    const { page } = opened;
    const tables = await page.evaluate<unknown[]>(`[...document.querySelectorAll('table')].map((table) => [
      table.querySelector('caption').textContent !== '',
      table.querySelectorAll('thead th[scope=col]').length > 0,
      table.querySelectorAll('tbody tr').length === table.querySelectorAll('tbody th[scope=row]').length,
      table.parentElement.tabIndex,
    ])`);
    expect(tables.length).toBeGreaterThan(3);
    for (const table of tables) expect(table).toEqual([true, true, true, 0]);
    await page.keyboard.press('Tab');
    expect(await page.evaluate<string>('document.activeElement.textContent')).toBe('Skip to the report');
    expect(await page.locator('svg[role=img] > desc').textContent()).toContain('Stacked bars');
  });

  it('prints every table in full, in dark ink', async () => {
    const opened = await open((await reported(busy)).file, 'dark');
    if (opened === undefined) return;
    const { page } = opened;
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    const styleOf = (what: string, name: string): Promise<string> =>
      page.evaluate<string>(`getComputedStyle(document.querySelector('${what}')).${name}`);
    expect(await styleOf('body', 'color')).toBe('rgb(0, 0, 0)');
    expect(await styleOf('body', 'backgroundColor')).toBe('rgb(255, 255, 255)');
    expect(await styleOf('.scroll', 'overflowX')).toBe('visible');
    expect((await page.pdf({ format: 'A4' })).length).toBeGreaterThan(10_000);
  });

  it('is valid HTML, accessible as far as a machine can tell, of a whole, a hostile and an empty log', async () => {
    for (const log of [busy, hostileLog, closedStory.slice(0, 1)])
      expect(await problemsOf((await reported(log)).text)).toEqual([]);
  });
});

describe('the page of a hostile log', { timeout: 60_000 }, () => {
  it('shows every name as text: no element, no request, no reordering comes of it', async () => {
    const { file, text, code } = await reported(hostileLog);
    expect(code).toBe(0);
    expect(text).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200b\u0000\u001b]/);
    const opened = await open(file);
    if (opened === undefined) return;
    const { page, trouble } = opened;
    const plain = await open((await reported(busy)).file);
    const kinds = (of: Page): Promise<string[]> =>
      of.evaluate<string[]>(
        `[...new Set([...document.querySelectorAll('*')].map(({ tagName }) => tagName.toLowerCase()))]`,
      );
    const usual = new Set([...(await kinds(plain?.page ?? page)), 'span', 'br', 'tfoot', 'a', 'small', 'h4']);
    expect((await kinds(page)).filter((kind) => !usual.has(kind))).toEqual([]);
    expect(await page.locator('h1').count()).toBe(1);
    expect(await page.locator('script, img, iframe, form').count()).toBe(0);
    expect(await page.locator('a[href]:not([href^="#"]):not([href^="https://sallyport.dev/"])').count()).toBe(0);
    expect(await page.title()).toBe('https://mcp.example.com');
    const targets = (await cellsOf(page, 'callers')).map(([, , target = '']) => target.replace(/ tool$/, ''));
    expect(targets).toContain(hostileNames[0]);
    expect(targets).toContain(String.raw`invoice\u{202e}fdp.exe`);
    expect(targets).toContain('شركة <b>עברית</b>');
    expect(trouble).toEqual([]);
  });
});
