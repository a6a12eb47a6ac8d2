/** Small values with a lifetime. Every operation is atomic. */
export interface KeyValueStore {
  get(key: string): Promise<string | undefined>;
  /** `ttlMs`: milliseconds until the entry disappears; required, so that nothing stays for ever. */
  set(key: string, value: string, ttlMs: number): Promise<void>;
  /** True when the key existed. */
  delete(key: string): Promise<boolean>;
}
