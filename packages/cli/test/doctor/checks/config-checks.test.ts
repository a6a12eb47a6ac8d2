import { loadCard } from '@sallyport/card';
import type { ConfigInput } from '@sallyport/config';
import { describe, expect, it } from 'vitest';
import { checkAudiences } from '../../../src/doctor/checks/audience-check.ts';
import { checkDeployment } from '../../../src/doctor/checks/deployment-check.ts';
import { checkResourceUrl } from '../../../src/doctor/checks/resource-check.ts';
import { checkScopes } from '../../../src/doctor/checks/scope-check.ts';
import { doctorConfig } from '../../support/doctor-config.ts';

const card = (tools: object): Promise<Awaited<ReturnType<typeof loadCard>>> =>
  loadCard({
    $schema: 'https://static.modelcontextprotocol.io/schemas/v1/server-card.schema.json',
    name: 'com.example/notes',
    version: '1.0.0',
    description: 'Notes',
    _meta: {
      'dev.sallyport/access': { scopes: { 'notes:read': {}, 'notes:write': { implies: ['notes:read'] } }, tools },
    },
  });

describe('the resource', () => {
  it('is right without a final slash, and with a name that clients know', async () => {
    expect(checkResourceUrl(await doctorConfig())).toMatchObject([{ status: 'pass' }]);
    expect(checkResourceUrl(await doctorConfig({ resource: 'http://127.0.0.1:8080/mcp' }))).toMatchObject([
      { status: 'pass' },
    ]);
  });

  it('is doubted with a final slash', async () => {
    const [finding] = checkResourceUrl(await doctorConfig({ resource: 'https://mcp.example.com/mcp/' }));
    expect(finding).toMatchObject({ status: 'warn', what: expect.stringContaining('ends in a slash') as string });
    expect(finding?.remedy).toContain('https://mcp.example.com/mcp,');
  });

  it.each(['https://notes.svc.cluster.local/mcp', 'https://10.0.0.5/mcp', 'https://notes/mcp'])(
    'is doubted as %s',
    async (resource) => {
      expect(checkResourceUrl(await doctorConfig({ resource }))).toMatchObject([{ status: 'warn' }]);
    },
  );
});

describe('the audience', () => {
  const check = async (issuer: NonNullable<ConfigInput['issuers']>[number]) =>
    checkAudiences(await doctorConfig({ issuers: [issuer] }), { withToken: false });

  it('is the resource for issuers that follow RFC 9068', async () => {
    expect(await check({ issuer: 'https://login.example.com' })).toMatchObject([{ status: 'pass' }]);
  });

  it.each([
    [
      'entra',
      'https://login.microsoftonline.com/11111111-2222-4333-8444-555555555555/v2.0',
      'Entra v2 puts the app id there',
    ],
    ['cognito', 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_abc', 'no aud'],
    ['keycloak', 'https://sso.example.com/realms/main', 'mapper'],
  ] as const)('is doubted where %s puts something else there', async (profile, issuer, why) => {
    expect(await check({ issuer, profile })).toMatchObject([
      { check: 'audience', status: 'warn', what: expect.stringContaining(why) as string },
    ]);
  });

  it.each([
    ['https://sso.example.com/application/o/mcp/', 'client id'],
    ['https://acme.authkit.app', 'resource indicator'],
  ])('is doubted for %s', async (issuer, why) => {
    expect(await check({ issuer })).toMatchObject([{ status: 'warn', what: expect.stringContaining(why) as string }]);
  });

  it('is doubted when only the final slash differs from the resource', async () => {
    expect(
      await check({ issuer: 'https://login.example.com', audience: ['https://mcp.example.com/mcp/'] }),
    ).toMatchObject([{ status: 'warn', what: expect.stringContaining('only the final slash') as string }]);
  });

  it('is believed where the config says something of its own', async () => {
    const issuer = 'https://login.microsoftonline.com/11111111-2222-4333-8444-555555555555/v2.0';
    expect(await check({ issuer, profile: 'entra', audience: ['6f1c0000-0000-4000-8000-000000000000'] })).toMatchObject(
      [{ status: 'pass' }],
    );
  });

  it('comes with the profile of the issuer, which is doubted when the URL says another', async () => {
    const [finding] = await check({ issuer: 'https://acme.okta.com/oauth2/default' });
    expect(finding).toMatchObject({ check: 'profile', status: 'warn', remedy: 'set issuers[0].profile to "okta"' });
  });
});

describe('the scopes', () => {
  const entra = {
    issuer: 'https://login.microsoftonline.com/11111111-2222-4333-8444-555555555555/v2.0',
    profile: 'entra' as const,
  };

  it('are doubted where Entra would take them for those of Graph, and so is the resource parameter', async () => {
    const config = await doctorConfig({ issuers: [entra], signInScopes: ['notes:read'] });
    const found = checkScopes(config, await card({ read: { scopes: ['notes:read'] } }));
    expect(found).toMatchObject([
      { check: 'scopes', status: 'warn', what: expect.stringContaining('AADSTS650053') as string },
      { check: 'resource-param', status: 'warn', what: expect.stringContaining('AADSTS9010010') as string },
      { check: 'step-up', status: 'pass' },
    ]);
  });

  it('of a first sign-in are enough when they imply what is needed', async () => {
    const config = await doctorConfig({ signInScopes: ['notes:write'] });
    expect(checkScopes(config, await card({ read: { scopes: ['notes:read'] } }))).toMatchObject([{ status: 'pass' }]);
  });

  it('that are needed later are named with the bugs of clients at step-up', async () => {
    const config = await doctorConfig({ signInScopes: ['notes:read'] });
    const [finding] = checkScopes(
      config,
      await card({ read: { scopes: ['notes:read'] }, write: { scopes: ['notes:write'] } }),
    );
    expect(finding).toMatchObject({ check: 'step-up', status: 'warn' });
    expect(finding?.what).toContain('typescript-sdk#1582');
    expect(finding?.remedy).toContain('["notes:read","notes:write"]');
    expect(finding?.remedy).toContain('stepUp.repeatGrantedScopes');
  });

  it('that are needed later do no harm when challenges repeat those that were granted', async () => {
    const config = await doctorConfig({ signInScopes: ['notes:read'], stepUp: { repeatGrantedScopes: true } });
    const policy = await card({ read: { scopes: ['notes:read'] }, write: { scopes: ['notes:write'] } });
    expect(checkScopes(config, policy)).toMatchObject([{ check: 'step-up', status: 'pass' }]);
  });

  it('can not be judged without a card', async () => {
    expect(checkScopes(await doctorConfig(), undefined)).toMatchObject([{ status: 'skip' }]);
  });
});

describe('the deployment', () => {
  const check = async (config: Partial<ConfigInput>, replicas?: number) =>
    checkDeployment(await doctorConfig(config), replicas);

  it('is doubted when no proxy is trusted, or any that comes over some hops', async () => {
    expect(await check({})).toMatchObject([{ check: 'proxy', status: 'warn' }, {}]);
    expect(await check({ network: { trustedProxies: 1 } })).toMatchObject([
      { status: 'warn', what: expect.stringContaining('1 hop') as string },
      {},
    ]);
    expect(await check({ network: { trustedProxies: ['10.0.0.1'] } })).toMatchObject([{ status: 'pass' }, {}]);
  });

  it('is doubted when the policy is only observed', async () => {
    const [, , policy] = await check({ enforcement: 'observe' });
    expect(policy).toMatchObject({ check: 'policy', status: 'warn' });
    expect(policy?.remedy).toContain('--would-deny');
  });

  it('fails with several processes and state that they would have to share', async () => {
    const [, state] = await check({ dpop: { mode: 'accept' } }, 3);
    expect(state).toMatchObject({ check: 'state', status: 'fail', code: 'ERR_SERVER_STORE_DOWN' });
    expect(state?.what).toContain('3 processes, and each has its own used DPoP proofs');
  });

  it('is doubted when nobody says how many processes there are, and right with one', async () => {
    expect(await check({})).toMatchObject([
      {},
      { status: 'warn', what: expect.stringContaining('revocations') as string },
    ]);
    expect(await check({}, 1)).toMatchObject([{}, { status: 'pass' }]);
    expect(await check({ revocation: { file: './revocations.jsonl' } }, 2)).toMatchObject([
      {},
      { status: 'warn', what: expect.stringContaining('rate limits') as string },
    ]);
  });
});
