import type { Demo } from './start-demo.ts';
import { chapter, fact } from './teller.ts';

/** Leaves the demo running until it is interrupted. */
export async function serve(demo: Demo): Promise<void> {
  const token = await demo.idp.mintToken({
    user: 'alice',
    scopes: ['notes:read', 'notes:write'],
    resource: demo.url.href,
  });
  const call = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'read-note', arguments: { id: '1' } } };
  chapter('Running until you press Ctrl-C');
  fact('token', token);
  process.stdout.write(
    [
      '',
      `curl -s ${demo.url.href} \\`,
      `  -H 'Authorization: Bearer ${token}' \\`,
      `  -H 'Content-Type: application/json' -H 'Accept: application/json, text/event-stream' \\`,
      `  -d '${JSON.stringify(call)}'`,
      '',
      '',
    ].join('\n'),
  );
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  await demo.close();
}
