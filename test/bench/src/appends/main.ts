import type { AppendOrder, AppendsReady } from './protocol.ts';
import { runSubject } from './run-subject.ts';

// Appends in a process of its own. Started by the bench with a directory as its argument and an IPC channel; answers each order
// with a result.
const directory = process.argv[2] ?? '.';
process.on('message', (order: AppendOrder) => {
  void runSubject(order, directory).then((result) => process.send?.(result));
});
process.once('disconnect', () => process.exit());
process.send?.({ type: 'ready' } satisfies AppendsReady);
