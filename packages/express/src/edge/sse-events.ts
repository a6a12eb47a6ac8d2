const lf = 0x0a;
const cr = 0x0d;

/** One server-sent event as text without its terminating blank line (WHATWG HTML §9.2). */
export interface SseEvent {
  readonly lines: readonly string[];
  /** The joined `data` lines; `undefined` for comments and events without data. */
  readonly data: string | undefined;
}

/** Splits a byte stream into server-sent events, whatever the chunks and line ends are. What ends without a blank line is no event. */
export interface SseSplitter {
  push(chunk: Uint8Array): SseEvent[];
}

/** @param maxChars longest event that is held, in UTF-16 code units; a longer one throws a `RangeError` */
export function createSseSplitter(maxChars: number): SseSplitter {
  const decoder = new TextDecoder();
  let lines: string[] = [];
  // The pieces of the line that has not ended, so that a long one is looked through once and not at every chunk.
  let pieces: string[] = [];
  let held = 0;
  // A CR ends a line at once; an LF that follows it, perhaps in the next chunk, belongs to it.
  let afterCr = false;

  function hold(piece: string): void {
    if (piece === '') return;
    held += piece.length;
    if (held > maxChars) throw new RangeError('a server-sent event is too long');
    pieces.push(piece);
  }

  function endLine(): SseEvent | undefined {
    const line = pieces.join('');
    pieces = [];
    if (line !== '') {
      lines.push(line);
      return undefined;
    }
    if (lines.length === 0) return undefined;
    const event = { lines, data: dataOf(lines) };
    lines = [];
    held = 0;
    return event;
  }

  return {
    push(chunk) {
      const text = decoder.decode(chunk, { stream: true });
      const events: SseEvent[] = [];
      let start = 0;
      for (let at = 0; at < text.length; at++) {
        const code = text.charCodeAt(at);
        const completesCrLf = afterCr && code === lf;
        afterCr = code === cr;
        if (completesCrLf) {
          start = at + 1;
          continue;
        }
        if (code !== lf && code !== cr) continue;
        hold(text.slice(start, at));
        start = at + 1;
        const event = endLine();
        if (event !== undefined) events.push(event);
      }
      hold(text.slice(start));
      return events;
    },
  };
}

/** The event as text, with `data` in place of its own data lines when it is given. */
export function formatSseEvent(event: SseEvent, data?: string): string {
  if (data === undefined) return `${event.lines.join('\n')}\n\n`;
  const others = event.lines.filter((line) => fieldOf(line) !== 'data');
  return `${[...others, `data: ${data}`].join('\n')}\n\n`;
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
