const maxCauses = 3;
const maxFrames = 24;

/**
 * What an operator reads of an error and its causes, newest first: name, code and message, nothing else. Errors of libraries carry
 * answers, claims and requests in members of their own.
 */
export function errorText(error: unknown): string {
  const parts: string[] = [];
  let current = error;
  for (let depth = 0; depth <= maxCauses && current !== undefined && current !== null; depth++) {
    parts.push(ownText(current));
    current = current instanceof Error ? read(current, 'cause') : undefined;
  }
  return parts.join(' <- ');
}

/** Where an error was made: the frames of its stack without the message above them. `undefined` when it has none. */
export function errorFrames(error: unknown): string | undefined {
  const stack = error instanceof Error ? read(error, 'stack') : undefined;
  if (typeof stack !== 'string') return undefined;
  const frames = stack.split('\n').filter((line) => line.startsWith('    at '));
  if (frames.length === 0) return undefined;
  return frames
    .slice(0, maxFrames)
    .map((line) => line.slice(4))
    .join('\n');
}

function ownText(error: unknown): string {
  if (!(error instanceof Error)) return typeof error === 'string' ? error : typeof error;
  const [name, code, message] = [read(error, 'name'), read(error, 'code'), read(error, 'message')];
  const who = typeof code === 'string' ? `${String(name)} ${code}` : String(name);
  return typeof message === 'string' && message !== '' ? `${who}: ${message}` : who;
}

/** A member may be a getter that throws. */
function read(error: Error, key: string): unknown {
  try {
    return Reflect.get(error, key);
  } catch {
    return undefined;
  }
}
