import { availableParallelism } from 'node:os';
import { join } from 'node:path';

/** Memory that DuckDB takes for tables, joins and sorts; beyond it, it uses the private folder. */
const memoryLimit = '384MB';
const maxSpill = '8GB';

/** The database in a private folder. */
export function databaseIn(folder: string): string {
  return join(folder, 'records.db');
}

/** How it is opened by who fills it. */
export function settingsIn(folder: string): Record<string, string> {
  return {
    temp_directory: join(folder, 'spill'),
    max_temp_directory_size: maxSpill,
    memory_limit: memoryLimit,
    threads: String(Math.min(availableParallelism(), 4)),
  };
}

/** How it is opened for a statement: for reading, without a way to anything else. */
export function closedSettingsIn(folder: string): Record<string, string> {
  return {
    access_mode: 'READ_ONLY',
    ...settingsIn(folder),
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
    allow_persistent_secrets: 'false',
    enable_external_access: 'false',
    // Last: nothing can be set after it.
    lock_configuration: 'true',
  };
}
