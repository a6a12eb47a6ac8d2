/** Who serves the published card: the suite, or a route of Express that has the same bytes at hand. */
export const documentServers = ['sallyport', 'express'] as const;
export type DocumentServer = (typeof documentServers)[number];

/** What is asked: the whole document, or whether the one that is known is still right. */
export interface DocumentCase {
  readonly name: 'card' | 'unchanged';
  readonly status: 200 | 304;
  readonly what: string;
  /** What the slowest of a hundred answers of the suite may take, in microseconds. */
  readonly limitMicros: number;
}

export const documentCases: readonly DocumentCase[] = [
  { name: 'card', status: 200, what: 'the published card, whole', limitMicros: 2_000 },
  { name: 'unchanged', status: 304, what: 'If-None-Match with its ETag', limitMicros: 1_000 },
];
