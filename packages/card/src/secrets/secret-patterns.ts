import { isOpaque } from './opaque.ts';

interface SecretPattern {
  readonly kind: string;
  readonly pattern: RegExp;
}

/** Beginnings that their issuers gave to credentials so that they can be found. Tested on one run of token characters at a time. */
const tokenPatterns: readonly SecretPattern[] = [
  { kind: 'an AWS access key', pattern: /^(?:AKIA|ASIA)[A-Z2-7]{16}$/ },
  { kind: 'a GitHub token', pattern: /^(?:gh[opsur]_[0-9A-Za-z]{36}|github_pat_[0-9A-Za-z_]{22})/ },
  { kind: 'a GitLab token', pattern: /^gl(?:pat|dt|rt|cbt|ptt|ft|soat)-[0-9A-Za-z_-]{16}/ },
  { kind: 'a Slack token', pattern: /^(?:xox[abceoprs]-[0-9A-Za-z-]{10}|xapp-[0-9]-[0-9A-Z]{8})/ },
  { kind: 'a Google API key', pattern: /^AIza[0-9A-Za-z_-]{35}/ },
  { kind: 'a Google client secret', pattern: /^GOCSPX-[0-9A-Za-z_-]{20}/ },
  { kind: 'a Stripe key', pattern: /^[rs]k_(?:live|test)_[0-9A-Za-z]{16}/ },
  { kind: 'a Stripe webhook secret', pattern: /^whsec_[0-9A-Za-z+]{16}/ },
  { kind: 'a Shopify token', pattern: /^shp(?:at|ca|pa|ss|ua)_[0-9A-Fa-f]{32}/ },
  { kind: 'a DigitalOcean token', pattern: /^do[opr]_v1_[0-9a-f]{64}/ },
  { kind: 'a Twilio key', pattern: /^SK[0-9a-f]{32}$/ },
  { kind: 'a Databricks token', pattern: /^dapi[0-9a-f]{32}/ },
  { kind: 'a Docker token', pattern: /^dckr_[op]at_[0-9A-Za-z_-]{20}/ },
  { kind: 'an Atlassian token', pattern: /^ATATT3[0-9A-Za-z_-]{20}/ },
  { kind: 'a Grafana token', pattern: /^gl(?:sa|c)_[0-9A-Za-z+_]{32}/ },
  { kind: 'a Linear key', pattern: /^lin_api_[0-9A-Za-z]{32}/ },
  { kind: 'a Notion token', pattern: /^(?:ntn_|secret_)[0-9A-Za-z]{40}/ },
  { kind: 'a Figma token', pattern: /^figd_[0-9A-Za-z_-]{32}/ },
  { kind: 'a Postman key', pattern: /^PMAK-[0-9a-f]{24}/ },
  { kind: 'a Supabase token', pattern: /^sb(?:p_[0-9a-f]{40}|_secret_[0-9A-Za-z_-]{20})/ },
  { kind: 'a Tailscale key', pattern: /^tskey-[a-z]+-[0-9A-Za-z]{10}/ },
  {
    kind: 'an API key',
    pattern: /^sk-(?:(?:ant|proj|svcacct|admin)-[0-9A-Za-z_-]{20}|(?:or-v1|lf)-[0-9a-f-]{32}|[0-9A-Za-z]{32})/,
  },
  { kind: 'an API key', pattern: /^(?:gsk_|xai-|pplx-|fw_|r8_)[0-9A-Za-z]{32}|^nvapi-[0-9A-Za-z_-]{40}/ },
  { kind: 'an npm token', pattern: /^npm_[0-9A-Za-z]{36}/ },
  { kind: 'a PyPI token', pattern: /^pypi-[0-9A-Za-z_-]{32}/ },
  { kind: 'a SendGrid key', pattern: /^SG\.[0-9A-Za-z_-]{16}/ },
  { kind: 'a Hugging Face token', pattern: /^hf_[0-9A-Za-z]{30}/ },
  { kind: 'a Vault token', pattern: /^hv[bs]\.[0-9A-Za-z_-]{24}/ },
  { kind: 'an age key', pattern: /^AGE-SECRET-KEY-1[0-9A-Z]{20}/ },
];

/**
 * The credential a text holds, in words, or `undefined`. Looks for the forms that are credentials wherever they stand: JSON Web
 * Tokens, private keys, tokens with a beginning of their issuer, the token behind `Bearer`, `Basic` or `DPoP`. Linear in the length.
 */
export function secretIn(text: string): string | undefined {
  if (/-{4,5} ?BEGIN [0-9A-Z ]{0,40}PRIVATE KEY/.test(text)) return 'a private key';
  const runs = text.match(/[0-9A-Za-z_.~+/=-]+/g) ?? [];
  for (const [index, run] of runs.entries()) {
    const kind = secretInRun(run) ?? (isScheme(runs[index - 1]) && isOpaque(run) ? 'a credential' : undefined);
    if (kind !== undefined) return kind;
  }
  return undefined;
}

function secretInRun(run: string): string | undefined {
  if (run.length < 16) return undefined;
  if (holdsJwt(run)) return 'a JSON Web Token';
  // A run can be a path or an assignment: "key=AKIA…", "/ghp_…".
  for (const part of run.split(/[/=]/)) {
    if (part.length < 16) continue;
    const found = tokenPatterns.find(({ pattern }) => pattern.test(part));
    if (found !== undefined) return found.kind;
  }
  return run.includes('services/T') && /services\/T[0-9A-Z]{8,16}\/B[0-9A-Z]{8,16}\/[0-9A-Za-z]{20}/.test(run)
    ? 'a Slack webhook'
    : undefined;
}

/** `eyJ` is `{"` in Base64url: the beginning of every JOSE header. */
function holdsJwt(run: string): boolean {
  return run
    .split('eyJ')
    .slice(1)
    .some((rest, index, all) => {
      const [header = '', payload] = rest.split('.', 2);
      // An empty payload here is one that begins with eyJ as well.
      const isLast = index === all.length - 1;
      return payload !== undefined && header.length >= 8 && payload.length >= (isLast ? 4 : 0);
    });
}

function isScheme(run: string | undefined): boolean {
  return run !== undefined && /^(?:bearer|basic|dpop|token|apikey)$/i.test(run);
}
