import { loadConfig, type ConfigInput, type SallyportConfig } from '@sallyport/config';

/** A small configuration of a public server; `overrides` replace fields of it. */
export function doctorConfig(overrides: Partial<ConfigInput> = {}): Promise<SallyportConfig> {
  const config: ConfigInput = {
    resource: 'https://mcp.example.com/mcp',
    issuers: [{ issuer: 'https://login.example.com' }],
    card: './server-card.json',
    dangerouslyAllowInsecureIssuers: true,
    ...overrides,
  };
  return loadConfig(config, { env: {} });
}

/** All that a check finds. */
export async function collect<T>(findings: Iterable<T> | AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const finding of findings) all.push(finding);
  return all;
}
