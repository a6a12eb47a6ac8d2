/** One server-sent event as text without its terminating blank line (WHATWG HTML §9.2). */
export interface SseEvent {
  readonly lines: readonly string[];
  /** The joined `data` lines; `undefined` for comments and events without data. */
  readonly data: string | undefined;
}

/** Splits a byte stream into server-sent events, whatever the chunks and line ends are. */
export interface SseSplitter {
  push(chunk: Uint8Array): SseEvent[];
  /** What was sent after the last complete event. */
  rest(): string;
}

/** @param maxChars longest event that is held, in UTF-16 code units; a longer one throws a `RangeError` */
export function createSseSplitter(maxChars: number): SseSplitter {
  const decoder = new TextDecoder();
  let buffered = '';
  let lines: string[] = [];
  let held = 0;

  function takeLines(): SseEvent[] {
    const events: SseEvent[] = [];
    let start = 0;
    for (;;) {
      const end = lineEnd(buffered, start);
      if (end === undefined) break;
      const line = buffered.slice(start, end.at);
      start = end.next;
      if (line !== '') {
        lines.push(line);
        held += line.length;
      } else if (lines.length > 0) {
        events.push({ lines, data: dataOf(lines) });
        lines = [];
        held = 0;
      }
    }
    buffered = buffered.slice(start);
    if (buffered.length + held > maxChars) throw new RangeError('a server-sent event is too long');
    return events;
  }

  return {
    push(chunk) {
      buffered += decoder.decode(chunk, { stream: true });
      return takeLines();
    },
    rest: () => [...lines, buffered].join('\n'),
  };
}

/** The event as text, with `data` in place of its own data lines when it is given. */
export function formatSseEvent(event: SseEvent, data?: string): string {
  if (data === undefined) return `${event.lines.join('\n')}\n\n`;
  const others = event.lines.filter((line) => fieldOf(line) !== 'data');
  return `${[...others, `data: ${data}`].join('\n')}\n\n`;
}

function lineEnd(text: string, from: number): { at: number; next: number } | undefined {
  for (let i = from; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x0a) return { at: i, next: i + 1 };
    if (code !== 0x0d) continue;
    // A lone CR at the end may be the first half of CRLF: wait for the next chunk.
    if (i + 1 === text.length) return undefined;
    return { at: i, next: text.charCodeAt(i + 1) === 0x0a ? i + 2 : i + 1 };
  }
  return undefined;
}

function dataOf(lines: readonly string[]): string | undefined {
  const data: string[] = [];
  for (const line of lines) {
    if (fieldOf(line) !== 'data') continue;
    const value = line.slice(5);
    data.push(value.startsWith(' ') ? value.slice(1) : value);
  }
  return data.length === 0 ? undefined : data.join('\n');
}

function fieldOf(line: string): string {
  const colon = line.indexOf(':');
  return colon < 0 ? line : line.slice(0, colon);
}
