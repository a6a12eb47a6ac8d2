import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Target } from './target.ts';

/** Shorter ones would be found by chance. */
const minLength = 16;

/** Collects every secret a test uses and everything the target says, to prove that none of the first is in the second. */
export interface Canary {
  /** Remembers a token or another secret, and gives it back. */
  watch(secret: string): string;
  /** Remembers what an answer held. */
  heard(text: string): void;
  /** Looks for every secret, its parts and its encodings in every record, log line and answer. */
  expectNothingLeaked(target: Target): void;
}

export function createCanary(): Canary {
  const secrets = new Set<string>();
  const answers: string[] = [];
  return {
    watch(secret) {
      secrets.add(secret);
      return secret;
    },
    heard: (text) => void answers.push(text),
    expectNothingLeaked(target) {
      const sinks: Record<string, string> = {
        'the answers': answers.join('\n'),
        'the log': target.stderr(),
        'the records': readdirSync(target.auditDirectory)
          .filter((name) => name.endsWith('.jsonl'))
          .map((name) => readFileSync(path.join(target.auditDirectory, name), 'utf8'))
          .join('\n'),
      };
      const needles = new Set([...secrets].flatMap(formsOf));
      const found = Object.entries(sinks).flatMap(([sink, text]) =>
        [...needles].filter((needle) => text.includes(needle)).map((needle) => `${needle} is in ${sink}`),
      );
      if (found.length > 0) throw new Error(found.join('\n'));
      if (answers.length === 0) throw new Error('the canary heard no answer');
    },
  };
}

/** The secret itself, its segments, how each begins, and the spellings a careless log would give it. */
function formsOf(secret: string): string[] {
  const parts = [secret, ...secret.split('.')].filter((part) => part.length >= minLength);
  return parts.flatMap((part) => [
    part,
    part.slice(0, Math.max(minLength, 20)),
    encodeURIComponent(part),
    Buffer.from(part).toString('base64').slice(0, 24),
    Buffer.from(part).toString('hex').slice(0, 32),
  ]);
}
