import type { DocumentOrder, DocumentResult } from '../documents/protocol.ts';
import { loadDocument } from './load-document.ts';

// Asks for documents in a process of its own. Started by the bench with an IPC channel; answers each order with a result.
process.on('message', (order: DocumentOrder) => {
  void loadDocument(order).then((result: DocumentResult) => process.send?.(result));
});
process.once('disconnect', () => process.exit());
