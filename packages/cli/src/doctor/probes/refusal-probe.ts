import { generateKeyPairSync, sign } from 'node:crypto';
import type { SallyportConfig } from '@sallyport/config';
import { explainWith } from '../../token/explain.ts';
import { fail, pass, skip, warn, type Finding } from '../finding.ts';
import type { Answer, Prober } from './prober.ts';

export interface ProbeRefusalsOptions {
  readonly token: string | undefined;
  readonly config: SallyportConfig;
  readonly now: () => number;
}

/** Sends what must be refused, and sees that it is; and the given token, to see that the server says what the config says. */
export async function* probeRefusals(prober: Prober, options: ProbeRefusalsOptions): AsyncGenerator<Finding> {
  const { token, config, now } = options;
  const probes: [string, string][] = [
    ['"Bearer anything"', 'anything'],
    [
      'a token for another audience',
      madeUpToken(config, now(), { audience: 'https://doctor.invalid/mcp', signed: true }),
    ],
    [
      'a token without a signature (alg none)',
      madeUpToken(config, now(), { audience: config.resource, signed: false }),
    ],
    ['a token that brings its own key', madeUpToken(config, now(), { audience: config.resource, signed: true })],
  ];
  if (token !== undefined && token.split('.').length === 3)
    probes.push(['the given token with its signature changed', tampered(token)]);
  for (const [name, probe] of probes) yield judge(name, await prober.listTools({ authorization: `Bearer ${probe}` }));
  if (token === undefined) return;
  const explained = await explainWith(token, config, { now });
  const answer = await prober.listTools({ authorization: `Bearer ${token}` });
  if (explained.verdict === 'refused') yield judge('the given token', answer);
  else if (explained.verdict === 'accepted') yield judgeGood(answer);
}

/** 401 is right, and so is every other refusal for the moment; what is served is not. */
function judge(name: string, { status, headers }: Answer): Finding {
  if (status >= 200 && status < 300) {
    return fail(
      'refusals',
      'ERR_SERVER_GUARD_MISSING',
      `${name} is served (HTTP ${status})`,
      'put suite.protect in front of the MCP handler at once, and let no gateway take its place',
    );
  }
  if (status === 429) return skip('refusals', `${name}: the server limits our rate`, 'wait and run it again');
  if (status !== 401)
    return warn(
      'refusals',
      `${name} gets HTTP ${status} and not 401`,
      status === 503
        ? 'the server can not reach its issuer: see its log'
        : 'look into the log of the server and of the proxy in front',
    );
  const challenge = headers.get('www-authenticate') ?? '';
  if (!challenge.includes('invalid_token'))
    return warn(
      'refusals',
      `${name} gets 401 without error="invalid_token": clients do not know that they need a new token`,
      'let no gateway answer instead of the server',
    );
  return pass('refusals', `${name} is refused`);
}

function judgeGood({ status, headers }: Answer): Finding {
  if (status === 401 || status === 403) {
    const description = /error_description="([^"]*)"/.exec(headers.get('www-authenticate') ?? '')?.[1];
    return fail(
      'token',
      'ERR_CLI_ANSWER',
      `the config accepts the token and the server refuses it (HTTP ${status}${description === undefined ? '' : `: ${description}`})`,
      'start the server with this very config; see its audit log for the reason; look whether a proxy drops or replaces Authorization',
    );
  }
  if (status >= 500) return warn('token', `the server answers HTTP ${status} to the token`, 'look into its log');
  return pass('token', `the server accepts it too (HTTP ${status})`);
}

/** A token that looks like one of the first issuer and is worth nothing: its key is in its own header. */
function madeUpToken(
  config: SallyportConfig,
  nowMs: number,
  { audience, signed }: { audience: string; signed: boolean },
): string {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'sallyport-doctor' };
  const header = { alg: signed ? 'ES256' : 'none', typ: 'at+jwt', kid: 'sallyport-doctor', ...(signed && { jwk }) };
  const iat = Math.floor(nowMs / 1_000);
  const claims = {
    iss: config.issuers[0]?.issuer,
    sub: 'doctor',
    aud: audience,
    client_id: 'sallyport-doctor',
    iat,
    exp: iat + 60,
  };
  const text = `${encode(header)}.${encode(claims)}`;
  if (!signed) return `${text}.`;
  return `${text}.${sign('sha256', Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** The same token with one byte of its signature changed: worth nothing. */
function tampered(token: string): string {
  const [header = '', payload = '', signature = ''] = token.split('.');
  const bytes = Buffer.from(signature, 'base64url');
  bytes[0] = (bytes[0] ?? 0) ^ 0xff;
  return [header, payload, bytes.toString('base64url')].join('.');
}
