import type { ExportLag } from './stream-exporter.ts';

type AskLag = () => ExportLag;

/** How far behind each receiver is, summed over the streams that are exported to it. */
export class Lags {
  readonly #names: ReadonlyMap<string, Map<string, AskLag>>;

  constructor(names: readonly string[]) {
    this.#names = new Map(names.map((name) => [name, new Map()]));
  }

  /** `undefined`: the stream is not exported any more. */
  set(name: string, stream: string, ask: AskLag | undefined): void {
    if (ask === undefined) this.#names.get(name)?.delete(stream);
    else this.#names.get(name)?.set(stream, ask);
  }

  list(): readonly (ExportLag & { readonly name: string })[] {
    return [...this.#names].map(([name, streams]) => ({ name, ...sumOf([...streams.values()]) }));
  }
}

function sumOf(asks: readonly AskLag[]): ExportLag {
  const all = asks.map((ask) => ask());
  const oldest = all.flatMap(({ oldestMs }) => (oldestMs === undefined ? [] : [oldestMs]));
  const records = all.reduce((sum, lag) => sum + lag.records, 0);
  return { records, ...(oldest.length > 0 && { oldestMs: Math.min(...oldest) }) };
}
