import { findDrift, registeredTargets, type DriftFinding } from '@sallyport/card';
import { isJsonObject } from '@sallyport/core';
import { resourceMetadataUrl } from '@sallyport/token';
import type { CommandIo } from '../terminal/command-io.ts';
import type { Output } from '../terminal/output.ts';
import { printable } from '../terminal/printable.ts';
import { createDiscoveryFetch } from '../try/discovery-fetch.ts';
import { readCardSource, type CardSource } from './card-source.ts';
import { listSource, type ServerSource } from './server-source.ts';

export interface DiffRequest extends ServerSource, CardSource {}

/**
 * Compares a card with what a server has, in both directions. Resolves to the exit code: 0 no difference, 1 there are some.
 *
 * @throws SetupError when either can not be read.
 */
export async function diffCard(request: DiffRequest, io: CommandIo, output: Output): Promise<number> {
  const { card, config } = await readCardSource(request, io.env);
  const { listed, endpoint } = await listSource(request, io);
  const scopesSupported = endpoint === undefined ? undefined : await readScopesSupported(endpoint);
  const findings = findDrift(card, registeredTargets(listed), {
    ...(config !== undefined && { signInScopes: config.signInScopes }),
    ...(scopesSupported !== undefined && { scopesSupported }),
  });
  if (output.json) await output.dataJson({ ok: findings.length === 0, findings });
  else await output.data(describe(findings, output));
  if (endpoint !== undefined)
    output.message('a guarded server lists only what the token may see: what it may not see counts as not registered');
  return findings.length === 0 ? 0 : 1;
}

function describe(findings: readonly DriftFinding[], { style }: Output): string {
  if (findings.length === 0) return `${style('good', 'PASS')}  the card and the server agree`;
  return findings.map((finding) => `${sign(finding, style)}  ${printable(finding.message)}`).join('\n');
}

/** As in a patch of the card: `+` is what it lacks, `-` what it has too much. */
function sign({ kind }: DriftFinding, style: Output['style']): string {
  if (kind === 'undeclared') return style('good', '+');
  return kind === 'unregistered' ? style('bad', '-') : style('warn', '!');
}

/** `scopes_supported` of a server that publishes metadata (RFC 9728); `undefined` for one that does not. */
async function readScopesSupported(endpoint: URL): Promise<readonly string[] | undefined> {
  try {
    const response = await createDiscoveryFetch()(resourceMetadataUrl(endpoint.href), {
      headers: { accept: 'application/json' },
    });
    const metadata: unknown = response.ok ? await response.json() : undefined;
    const scopes = isJsonObject(metadata) ? metadata['scopes_supported'] : undefined;
    return Array.isArray(scopes) ? scopes.filter((scope) => typeof scope === 'string') : undefined;
  } catch {
    // A server that is not guarded has none; that its lists were answered says that it is there.
    return undefined;
  }
}
