import { recordEffect } from './effects.ts';
import { notes } from './notes.ts';

export const serverInfo = { name: 'dev.sallyport/target', version: '1.0.0' };
export const noteTemplate = 'note:///{id}';
export const configUri = 'config:///server';

export function readNote(
  uri: URL,
  id: string,
  sub: string | undefined,
): { contents: { uri: string; mimeType: string; text: string }[] } {
  recordEffect('resource:note', sub);
  return { contents: [{ uri: uri.href, mimeType: 'text/plain', text: notes.get(id) ?? 'There is no such note.' }] };
}

export function readConfig(
  uri: URL,
  sub: string | undefined,
): { contents: { uri: string; mimeType: string; text: string }[] } {
  recordEffect('resource:config', sub);
  return { contents: [{ uri: uri.href, mimeType: 'application/json', text: JSON.stringify(serverInfo) }] };
}

export function summarize(
  topic: string,
  sub: string | undefined,
): { messages: { role: 'user'; content: { type: 'text'; text: string } }[] } {
  recordEffect('prompt:summarize', sub);
  return { messages: [{ role: 'user', content: { type: 'text', text: `Summarize the notes about ${topic}.` } }] };
}
