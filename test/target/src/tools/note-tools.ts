import { z } from 'zod';
import { recordEffect } from '../effects.ts';
import { notes } from '../notes.ts';
import { failure, text, type Tool } from './tool.ts';

export const noteTools: readonly Tool[] = [
  {
    name: 'read-note',
    description: 'Returns a note',
    input: { id: z.string() },
    run(args, { caller }) {
      recordEffect('read-note', caller?.subject);
      const note = notes.get(String(args['id']));
      return note === undefined ? failure('There is no such note.') : text(note);
    },
  },
  {
    name: 'write-note',
    description: 'Stores a note',
    input: { id: z.string(), text: z.string() },
    run(args, { caller }) {
      recordEffect('write-note', caller?.subject);
      notes.set(String(args['id']), String(args['text']));
      return text('Stored.');
    },
  },
  {
    name: 'purge-notes',
    description: 'Deletes all notes',
    input: {},
    run(_args, { caller }) {
      recordEffect('purge-notes', caller?.subject);
      notes.clear();
      return text('All notes are gone.');
    },
  },
  {
    name: 'confirm-delete',
    description: 'Deletes a note after asking the client, as a task',
    input: { id: z.string() },
    run(_args, { caller }) {
      recordEffect('confirm-delete', caller?.subject);
      return failure('Asking for confirmation needs tasks, which this server does not offer yet.');
    },
  },
  {
    name: 'transfer',
    description: 'Transfers money',
    input: { amount: z.number(), currency: z.string(), memo: z.string().optional(), pin: z.string().optional() },
    run(args, { caller }) {
      recordEffect('transfer', caller?.subject);
      return text(`Transferred ${String(args['amount'])} ${String(args['currency'])}.`);
    },
  },
];
