type OidcProviderModule = typeof import('oidc-provider');

let loading: Promise<OidcProviderModule> | undefined;

/**
 * Loads oidc-provider. On Node 20 it warns, once and while it loads, that it wants Node 22; everything used here works on 20, so that
 * one line is held back. Whatever else is warned about meanwhile is let through.
 */
export function loadOidcProvider(): Promise<OidcProviderModule> {
  loading ??= load();
  return loading;
}

async function load(): Promise<OidcProviderModule> {
  const { warn } = console;
  console.warn = (...data: unknown[]): void => {
    if (typeof data[0] === 'string' && data[0].includes('oidc-provider WARNING: Unsupported runtime')) return;
    warn.apply(console, data);
  };
  try {
    return await import('oidc-provider');
  } finally {
    console.warn = warn;
  }
}
