import { existsSync } from 'node:fs';

/** Config files a command finds by itself in the working directory. */
const usualFiles: readonly string[] = ['sallyport.config.yaml', 'sallyport.config.yml', 'sallyport.config.json'];

/** The config file in the working directory, if there is one. */
export function usualConfig(): string | undefined {
  return usualFiles.find((usual) => existsSync(usual));
}
