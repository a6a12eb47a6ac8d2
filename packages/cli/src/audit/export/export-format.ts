/** What `audit export` writes. */
export const exportFormats = ['jsonl', 'csv', 'ocsf', 'ecs', 'cef', 'parquet'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** Those that are text, record by record. */
export type TextFormat = Exclude<ExportFormat, 'parquet'>;
