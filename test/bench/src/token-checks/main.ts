import { createAllSubjects } from './create-subjects.ts';
import type { CheckOrder, ChecksReady, IssuerOrder } from './protocol.ts';
import { runSubject } from './run-subject.ts';

// Checks tokens in a process of its own. Started by the bench with an order as its argument and an IPC channel; answers
// each further order with a result.
const subjects = await createAllSubjects(JSON.parse(process.argv[2] ?? '') as IssuerOrder);
process.on('message', ({ name, subject, durationMs }: CheckOrder) => {
  const chosen = subjects.get(name)?.[subject];
  if (chosen === undefined) throw new Error(`nobody to check ${name} as ${subject}`);
  void runSubject(chosen, durationMs).then((result) => process.send?.(result));
});
process.once('disconnect', () => process.exit());
process.send?.({ type: 'ready' } satisfies ChecksReady);
