import { measureFlood, type FloodMeasurement } from '../flood/measure-flood.ts';
import { startChild } from '../processes/start-child.ts';
import { startIssuer, type Issuer } from '../tokens/issuer.ts';
import { createSigningKey, joinKeySets } from '../tokens/signing-key.ts';
import { measureCases, type CheckMeasurement } from './measure-cases.ts';
import type { ChecksReady, IssuerOrder } from './protocol.ts';

export interface RunTokenChecksOptions {
  readonly rounds: number;
  readonly roundMs: number;
  readonly invalidTokens: number;
  /** What starts a program on the core of the checks. */
  readonly pinning: readonly string[];
  /** Told what happens, for people who wait. */
  say(text: string): void;
}

export interface TokenChecks {
  readonly cases: readonly CheckMeasurement[];
  readonly flood: FloodMeasurement;
}

/** What it costs to check tokens, without a server around it. */
export async function runTokenChecks(options: RunTokenChecksOptions): Promise<TokenChecks> {
  const keys = {
    RS256: createSigningKey('RS256'),
    ES256: createSigningKey('ES256'),
    EdDSA: createSigningKey('EdDSA'),
  };
  const issuer = await startIssuer(joinKeySets(Object.values(keys)));
  try {
    const { issuer: name, jwksUri, introspectionUri } = issuer;
    const order: IssuerOrder = { issuer: name, jwksUri, introspectionUri, keys };
    return { cases: await runCases(order, options), flood: await runFloods(order, issuer, options) };
  } finally {
    await issuer.close();
  }
}

async function runCases(order: IssuerOrder, options: RunTokenChecksOptions): Promise<CheckMeasurement[]> {
  const { rounds, roundMs, pinning, say } = options;
  const checks = startChild('../token-checks/main.js', [JSON.stringify(order)], pinning, ['--expose-gc']);
  try {
    await checks.next<ChecksReady>();
    return await measureCases({
      checks,
      rounds,
      roundMs,
      onRound: (round) => say(round === 0 ? 'tokens: warming up' : `tokens: round ${round} of ${rounds}`),
    });
  } finally {
    await checks.stop();
  }
}

async function runFloods(
  order: IssuerOrder,
  issuer: Issuer,
  { invalidTokens, pinning, say }: RunTokenChecksOptions,
): Promise<FloodMeasurement> {
  const guard = startChild('../flood/main.js', [JSON.stringify(order)], pinning, ['--expose-gc']);
  try {
    return await measureFlood({
      guard,
      tokens: invalidTokens,
      requests: () => issuer.requests(),
      onPhase: (kind, tokens) => say(`tokens: ${tokens} invalid ones, ${kind}`),
    });
  } finally {
    await guard.stop();
  }
}
