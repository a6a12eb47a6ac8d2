import { Refusal, type JsonObject, type Reason } from '@sallyport/core';

/** A refusal with a short note for the audit record. The note is ours: no library text, nothing of the token but what `quote` made safe. */
export function refuse(reason: Reason, problem: string, seen?: JsonObject): Refusal {
  return new Refusal(reason, { detail: seen === undefined ? { problem } : { problem, ...seen } });
}

/** An untrusted value as a note: at most `length` UTF-16 units, always well-formed. */
export function quote(value: unknown, length = 64): string {
  const text =
    typeof value === 'string' ? value : value === undefined ? 'absent' : `a ${value === null ? 'null' : typeof value}`;
  const cut = text.length <= length ? text : `${text.slice(0, length)}…`;
  return cut.replace(/\p{Cs}/gu, '\u{FFFD}');
}
