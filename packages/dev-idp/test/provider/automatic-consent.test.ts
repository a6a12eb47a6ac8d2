import { decodeJwt, type JWTPayload } from 'jose';
import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDevIdp, type DevIdp } from '../../src/index.ts';
import { connect, signIn } from '../support/sign-in.ts';

const resource = 'http://127.0.0.1:8080/mcp';
const opaque = 'http://127.0.0.1:8080/opaque';

let idp: DevIdp;
let app: client.Configuration;
beforeAll(async () => {
  idp = await startDevIdp({ quiet: true });
  app = await connect(idp);
});
afterAll(() => idp.close());

/** Claims of the access token of a sign-in that began at `before`. */
async function claims(parameters: Record<string, string>): Promise<JWTPayload> {
  return decodeJwt((await signIn(app, { scope: 'notes:read', resource, ...parameters })).access_token);
}

describe('signing in', () => {
  it('is recorded in the token with its time, its means and its session, and without acr when none was asked for', async () => {
    const before = Math.floor(Date.now() / 1000);
    const payload = await claims({});
    expect(payload['auth_time']).toBeGreaterThanOrEqual(before);
    expect(payload['auth_time']).toBeLessThanOrEqual(payload.iat ?? 0);
    expect(payload).toMatchObject({ amr: ['dev'], sid: expect.any(String) as string });
    expect(payload).not.toHaveProperty('acr');
  });

  it('happens with the first of the acr_values that are asked for, whatever it is (RFC 9470)', async () => {
    expect(await claims({ acr_values: 'phr' })).toMatchObject({ acr: 'phr' });
    expect(await claims({ acr_values: 'urn:our:own phr' })).toMatchObject({ acr: 'urn:our:own' });
    expect(await claims({})).not.toHaveProperty('acr');
  });

  it('happens anew for every request, so that every max_age is satisfied', async () => {
    const before = Math.floor(Date.now() / 1000);
    expect((await claims({ max_age: '0' }))['auth_time']).toBeGreaterThanOrEqual(before);
  });

  it('is another session each time', async () => {
    expect((await claims({}))['sid']).not.toBe((await claims({}))['sid']);
  });

  it('is said to introspection too', async () => {
    const { access_token: token } = await signIn(app, { scope: 'notes:read', acr_values: 'phr', resource: opaque });
    const { clientId, clientSecret } = idp.clients.resourceServer;
    expect(await client.tokenIntrospection(await connect(idp, clientId, clientSecret), token)).toMatchObject({
      acr: 'phr',
      auth_time: expect.any(Number) as number,
    });
  });

  it('is the same sign-in after a refresh', async () => {
    const parameters = { scope: 'notes:read offline_access', prompt: 'consent', acr_values: 'phr', resource };
    const tokens = await signIn(app, parameters);
    const first = decodeJwt(tokens.access_token);
    const again = await client.refreshTokenGrant(app, tokens.refresh_token ?? '', { resource });
    const { acr, auth_time, sid } = first as Record<string, unknown>;
    expect(decodeJwt(again.access_token)).toMatchObject({ acr, auth_time, sid });
  });

  it('is in the ID token as well', async () => {
    const tokens = await signIn(app, { scope: 'openid notes:read', acr_values: 'phr', resource });
    expect(tokens.claims()).toMatchObject({ sub: 'alice', acr: 'phr' });
  });

  it('does not happen for machines', async () => {
    const { clientId, clientSecret } = idp.clients.robot;
    const robot = await connect(idp, clientId, clientSecret);
    const payload = decodeJwt((await client.clientCredentialsGrant(robot, { resource })).access_token);
    for (const claim of ['acr', 'amr', 'auth_time', 'sid']) expect(payload).not.toHaveProperty(claim);
  });
});
