import { checkCompleteness } from '@sallyport/audit';
import { runSallyport } from 'sallyport';
import { createHeadlessSignIn } from './headless-sign-in.ts';
import { createLegacyClient } from './legacy-client.ts';
import { createModernClient } from './modern-client.ts';
import { createObservedFetch } from './observed-fetch.ts';
import { serve } from './serve.ts';
import { startDemo, type Demo } from './start-demo.ts';
import { tellStory } from './story.ts';
import { allowed, chapter, fact, tell } from './teller.ts';

async function main(): Promise<void> {
  chapter('Sallyport: every call is checked, written down, and only then run');
  const demo = await startDemo();
  fact('dev IdP', `${demo.idp.issuer}   development only`);
  fact('guarded', demo.url.href);
  fact('audit log', demo.auditDirectory);
  if (process.argv.includes('--serve')) {
    await serve(demo);
    return;
  }
  await play(demo, 'A 2026-07-28 client (@modelcontextprotocol/client v2)', createModernClient);
  await play(demo, 'A 2025-era client (@modelcontextprotocol/sdk v1) does the same', createLegacyClient);
  await demo.close();
  await showAudit(demo.auditDirectory);
  chapter('Next');
  fact('try', 'npx -y pnpm@12.18.0 demo --serve      leaves it running, with a token and a curl line');
  fact('read', 'README.md: guard your own Express server with ten lines');
}

async function play(demo: Demo, title: string, createClient: typeof createModernClient): Promise<void> {
  chapter(title);
  const card = (await (await fetch(`${demo.url.href}/server-card`)).json()) as {
    title: string;
    tools: { name: string }[];
  };
  tell('reads the Server Card', `${card.title}: ${card.tools.map(({ name }) => name).join(', ')}`);
  const signIn = createHeadlessSignIn(demo.idp.issuer, demo.idp.clients.app.clientId);
  const observed = createObservedFetch();
  await tellStory(createClient(demo.url, signIn, observed), signIn, observed);
}

async function showAudit(directory: string): Promise<void> {
  chapter('What the audit log holds of it');
  const { stdout, stderr, env } = process;
  await runSallyport(['audit', 'show', directory], { stdout, stderr, env, now: Date.now });
  const report = await checkCompleteness(directory);
  if (!report.complete) throw new Error('the audit log is not complete');
  fact('complete', allowed(`${report.records} records, every allowed call has its outcome, no gap`));
}

await main();
