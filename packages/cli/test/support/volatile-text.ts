/** Kinds of text that differ from run to run. Those with `named` are the same thing wherever they stand. */
const kinds: readonly { readonly name: string; readonly pattern: string; readonly named?: true }[] = [
  { name: 'uuid', pattern: '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}', named: true },
  { name: 'time', pattern: '\\d{4}-\\d{2}-\\d{2}[T ]\\d{2}:\\d{2}(?::\\d{2}(?:\\.\\d+)?)?Z?' },
  { name: 'date', pattern: '\\d{4}-\\d{2}-\\d{2}' },
  { name: 'duration', pattern: '\\d+(?:\\.\\d+)? (?:ms|s)\\b' },
  { name: 'size', pattern: '\\d[\\d,]*(?:\\.\\d+)? (?:bytes|[kMG]i?B)\\b' },
  { name: 'address', pattern: '127\\.0\\.0\\.1:\\d+' },
  { name: 'reader', pattern: '\\bcli-[A-Za-z0-9][A-Za-z0-9._-]*' },
  { name: 'hex', pattern: '\\b[0-9a-f]{8,64}\\b', named: true },
  { name: 'base64', pattern: '(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{40,}={0,2}', named: true },
];
const any = new RegExp(kinds.map(({ pattern }, index) => `(?<k${index}>${pattern})`).join('|'), 'g');

interface Part {
  /** Index of the kind. */
  readonly kind: number;
  readonly text: string;
}

/** What the ids of a page are in this run. */
export interface Names {
  /** A command of the page with the ids of this run. */
  inCommand(command: string): string;
  /** What was printed, with what the page shows where that differs only in what differs from run to run. */
  asShown(output: string, shown: string): string;
}

/** Learns what the ids of a page are in this run, by comparing what was printed with what the page shows. */
export function createNames(): Names {
  const actualOf = new Map<string, string>();
  const shownOf = new Map<string, string>();
  return {
    inCommand: (command) => command.replaceAll(any, (text) => actualOf.get(text) ?? longer(actualOf, text)),
    asShown(output, shown) {
      const [actual, wanted] = [split(output), split(shown)];
      const same =
        actual.length === wanted.length &&
        actual.every(({ kind, text }, index) => {
          const other = wanted[index];
          return kind === other?.kind && (kind >= 0 || squeeze(text) === squeeze(other.text));
        });
      const known = ({ kind, text }: Part): string => (kind >= 0 ? (shownOf.get(text) ?? text) : text);
      if (!same) return actual.map(known).join('');
      return actual
        .map((part, index) => {
          const other = wanted[index]?.text ?? '';
          if (part.kind < 0 || kinds[part.kind]?.named !== true) return other;
          if (!shownOf.has(part.text) && !actualOf.has(other)) {
            shownOf.set(part.text, other);
            actualOf.set(other, part.text);
          }
          return known(part);
        })
        .join('');
    },
  };
}

/** Where a page shows the beginning of an id it has shown in full, or the other way round. */
function longer(actualOf: ReadonlyMap<string, string>, text: string): string {
  for (const [shown, actual] of actualOf) if (shown.startsWith(text)) return actual.slice(0, text.length);
  return text;
}

/** Text between what differs has kind -1. */
function split(text: string): Part[] {
  const parts: Part[] = [];
  let end = 0;
  for (const match of text.matchAll(any)) {
    parts.push({ kind: -1, text: text.slice(end, match.index) });
    const kind = Object.values(match.groups ?? {}).findIndex((value) => value !== undefined);
    parts.push({ kind, text: match[0] });
    end = match.index + match[0].length;
  }
  return [...parts, { kind: -1, text: text.slice(end) }];
}

/** Columns are as wide as what stands in them. */
function squeeze(text: string): string {
  return text.replaceAll(/ {2,}/g, '  ').replaceAll(/ +$/gm, '');
}
