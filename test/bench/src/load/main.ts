import type { LoadOrder, LoadResult } from './protocol.ts';
import { runLoad } from './run-load.ts';

// The load generator in a process of its own. Started by the bench with an IPC channel; answers each order with a result.
process.on('message', (order: LoadOrder) => {
  void runLoad(order).then((result: LoadResult) => process.send?.(result));
});
process.once('disconnect', () => process.exit());
