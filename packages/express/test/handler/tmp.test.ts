import { it } from 'vitest';
import { openGuarded } from '../support/guarded.ts';
import { handlers } from '../support/handlers.ts';
import { modern, send } from '../support/http.ts';
it('x', async () => {
  const g = await openGuarded();
  const url = await g.serveHandler(handlers[0]!.make([]));
  const a = await send(url, modern(await g.token(), 'tools/call', { name: 'whoami', arguments: {} }));
  console.log(a.status, a.text, g.logged);
  await g.close();
});
