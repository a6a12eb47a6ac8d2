import fc from 'fast-check';
import { SetupError } from '@sallyport/core';
import { chmod, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { loadConfig, type ConfigInput } from '../src/index.ts';
import { streamName } from '../src/resolve/resolve-config.ts';
import { everything } from './support/everything.ts';
import { directoryWith, issuer, load, loadWith, minimal, resource, setupErrorOf } from './support/fixtures.ts';

describe('loadConfig', () => {
  it('needs three settings and fills the rest', async () => {
    const config = await load(minimal());
    expect(config).toEqual({
      hash: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      resource,
      issuers: [
        {
          issuer,
          audience: [resource],
          profile: 'rfc9068',
          appOnlyRoles: false,
          algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA'],
          tokens: 'jwt',
          strictAudience: false,
          allowPrivateAddresses: false,
        },
      ],
      clockSkewSeconds: 30,
      card: '/srv/app/server-card.json',
      signInScopes: [],
      publish: 'full',
      drift: 'error',
      enforcement: 'enforce',
      log: { level: 'info' },
      telemetry: { mode: 'spans', conventions: '1.41', remoteParent: 'parent', content: 'none' },
      stepUp: {
        securitySchemes: false,
        listDisclosedTools: false,
        wwwAuthenticateMetaFor: [],
        repeatGrantedScopes: false,
      },
      audit: {
        directory: '/srv/app/audit',
        rotate: { bytes: 268_435_456, hours: 24 },
        stream: streamName(hostname()),
        mode: 'strict',
        level: 'metadata',
        pseudonymizeSubjects: false,
        origin: 'mcp.example.com/mcp',
        anchors: [],
        export: [],
      },
      network: { allowedHosts: ['mcp.example.com'], allowedOrigins: [], trustedProxies: [] },
      rateLimits: { perAddress: { points: 5000, windowMs: 1000 }, perPrincipal: { points: 5000, windowMs: 1000 } },
      publicMethods: [],
      revocation: { lifetimeSeconds: 604_800 },
      dpop: {
        mode: 'off',
        algorithms: ['ES256', 'EdDSA', 'PS256', 'RS256'],
        iatWindowSeconds: 60,
        strictHtu: false,
        nonce: false,
        nonceLifetimeSeconds: 300,
      },
      limits: { bodyBytes: 1_048_576, jsonDepth: 64, tokenBytes: 8192 },
      legacy: 'stateless',
      dangerouslyAllowInsecureIssuers: false,
      warnings: [],
    });
  });

  it('takes a template for the tenants of Entra', async () => {
    const entry = {
      issuer: 'https://login.microsoftonline.com/{tenantid}/v2.0',
      profile: 'entra',
      tenants: ['8eaef023-2b34-4da1-9baa-8bc8c9d6a490'],
    };
    expect((await loadWith({ issuers: [entry] })).issuers[0]).toMatchObject(entry);
  });

  it('says how this server authenticates where introspection does not', async () => {
    const method = async (introspection: object): Promise<unknown> =>
      (
        await loadWith({
          issuers: [{ issuer, tokens: 'opaque', introspection: { clientId: 'mcp', ...introspection } }],
        })
      ).issuers[0]?.introspection?.clientAuthentication;
    expect(await method({ clientSecret: 's' })).toBe('client_secret_basic');
    expect(await method({ privateKey: 'k' })).toBe('private_key_jwt');
    expect(await method({ clientSecret: 's', clientAuthentication: 'client_secret_post' })).toBe('client_secret_post');
    expect(await method({ clientSecret: 's', privateKey: 'k', clientAuthentication: 'private_key_jwt' })).toBe(
      'private_key_jwt',
    );
  });

  it('takes every field that can be written', async () => {
    const config = await load(everything);
    const { tenants: _, ...written } = everything.issuers[0] ?? {};
    expect(config.issuers[0]).toEqual(written);
    expect(config.audit).toEqual({
      directory: '/srv/app/audit',
      pseudonymizeSubjects: true,
      mirror: '/srv/app/mirror',
      rotate: everything.audit.rotate,
      retention: everything.audit.retention,
      stream: 'target',
      mode: 'strict',
      level: 'metadata',
      origin: 'sallyport.dev/target',
      hashKey: everything.audit.hashKey,
      signingKey: everything.audit.signingKey,
      previousSigningKey: everything.audit.previousSigningKey,
      anchors: everything.audit.anchors,
      export: [
        everything.audit.export[0],
        expect.objectContaining({ type: 'syslog', host: 'siem.example.com', format: 'cef' }),
        expect.objectContaining({ type: 'webhook', secrets: everything.audit.export[2]?.secrets }),
      ],
    });
    expect(config.network).toEqual(everything.network);
    expect(config.dpop).toEqual(everything.dpop);
    expect(config.clientCertificate).toEqual({ header: 'Client-Cert' });
    expect(config.rateLimits).toEqual({
      perAddress: { points: 50, windowMs: 1000 },
      perPrincipal: { points: 200, windowMs: 1000 },
    });
  });

  it('reads the same from JSON, from YAML and from an object', async () => {
    const directory = await directoryWith({
      'a.json': JSON.stringify(everything),
      'a.yaml': JSON.stringify(everything),
      'b.YML': [
        '# the smallest',
        `resource: ${resource}`,
        'issuers:',
        `  - issuer: ${issuer}`,
        'card: ./server-card.json',
        '',
      ].join('\n'),
    });
    const fromObject = await load(everything, {}, directory);
    const fromJson = await loadConfig(join(directory, 'a.json'), { env: {} });
    const fromYaml = await loadConfig(join(directory, 'a.yaml'), { env: {} });
    expect(fromJson).toEqual({ file: join(directory, 'a.json'), ...fromObject });
    expect({ ...fromYaml, file: '' }).toEqual({ ...fromJson, file: '' });
    expect(await loadConfig(join(directory, 'b.YML'), { env: {} })).toMatchObject({
      resource,
      card: join(directory, 'server-card.json'),
    });
  });

  it('resolves paths against the folder of the file, or against another folder', async () => {
    const directory = await directoryWith({
      'a.json': JSON.stringify({ ...minimal(), audit: { directory: '../log' } }),
    });
    const file = join(directory, 'a.json');
    expect((await loadConfig(file, { env: {} })).audit.directory).toBe(join(directory, '../log'));
    expect((await loadConfig(file, { env: {}, baseDirectory: '/srv/app' })).audit.directory).toBe('/srv/log');
    expect((await loadConfig(minimal(), { env: {} })).card).toBe(join(process.cwd(), 'server-card.json'));
  });

  it('keeps absolute paths', async () => {
    expect(await loadWith({ card: '/etc/card.json', audit: { directory: '/var/log/a' } })).toMatchObject({
      card: '/etc/card.json',
      audit: { directory: '/var/log/a' },
    });
  });

  it('takes the card itself in place of a path', async () => {
    const card = {
      name: 'example/notes',
      _meta: { 'dev.sallyport/access': { tools: { constructor: { scopes: [] } } } },
    };
    expect((await loadWith({ card })).card).toEqual(card);
  });

  it('shares nothing with the object it was given, and is frozen all the way down', async () => {
    const input = { ...minimal(), card: { tools: ['a'] }, issuers: [{ issuer }] };
    const config = await load(input);
    input.card.tools.push('b');
    input.issuers.push({ issuer: 'https://evil.example' });
    expect(config.card).toEqual({ tools: ['a'] });
    expect(config.issuers).toHaveLength(1);
    const check = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      expect(Object.isFrozen(value)).toBe(true);
      for (const member of Object.values(value)) check(member);
    };
    check(config);
  });

  it('uses the environment of the process when none is given', async () => {
    vi.stubEnv('SALLYPORT_TEST_CARD', '/etc/card.json');
    expect((await loadConfig({ ...minimal(), card: '${env:SALLYPORT_TEST_CARD}' })).card).toBe('/etc/card.json');
    vi.unstubAllEnvs();
  });

  it('opens a loopback resource to the loopback names and no others', async () => {
    const hosts = async (url: string): Promise<readonly string[]> =>
      (await loadWith({ resource: url })).network.allowedHosts;
    expect(await hosts('http://127.0.0.1:8080/mcp')).toEqual(['127.0.0.1', 'localhost', '[::1]']);
    expect(await hosts('http://localhost/mcp')).toEqual(['localhost', '127.0.0.1', '[::1]']);
    expect(await hosts('http://[::1]:1/')).toEqual(['[::1]', 'localhost', '127.0.0.1']);
    expect(await hosts('https://mcp.example.com:8443/mcp')).toEqual(['mcp.example.com']);
  });

  it('writes hosts in lower case and issuers as they are', async () => {
    const config = await loadWith({
      network: { allowedHosts: ['MCP.Example.com:8080'] },
      issuers: [{ issuer: 'https://Login.example.com/' }],
    });
    expect(config.network.allowedHosts).toEqual(['mcp.example.com:8080']);
    expect(config.issuers[0]?.issuer).toBe('https://Login.example.com/');
  });

  it('accepts the off values of features that are not available yet', async () => {
    const off = {
      state: {},
      tasks: { ttlMs: 3_600_000 },
    };
    await expect(loadWith(off)).resolves.toBeDefined();
  });

  it('fills the header of client certificates, which are off when nothing is said', async () => {
    const config = await loadWith({ clientCertificate: {}, network: { trustedProxies: ['10.0.0.1'] } });
    expect(config.clientCertificate).toEqual({ header: 'Client-Cert' });
    expect(await load(minimal())).not.toHaveProperty('clientCertificate');
  });

  it('gives the enterprise token an issuer and audience of its own (K-03)', async () => {
    const enterpriseToken = { issuer: 'https://sso.example.com' };
    const { enterpriseToken: own } = await loadWith({ enterpriseToken, network: { trustedProxies: ['10.0.0.1'] } });
    expect(own).toMatchObject({
      header: 'X-Enterprise-Token',
      ...enterpriseToken,
      audience: [resource],
      profile: 'rfc9068',
    });
    expect(await load(minimal())).not.toHaveProperty('enterpriseToken');
  });

  it('keeps revocations for a week and in memory when nothing else is said', async () => {
    expect((await load(minimal())).revocation).toEqual({ lifetimeSeconds: 604_800 });
    const { revocation } = await loadWith({ revocation: { file: './x.jsonl', lifetimeSeconds: 60 } });
    expect(revocation).toEqual({ file: '/srv/app/x.jsonl', lifetimeSeconds: 60 });
  });

  it('accepts logout tokens only of the issuers that say for whom', async () => {
    const issuers = [
      { issuer, backChannelLogout: { audience: ['client-1'] } },
      { issuer: 'https://other.example.com' },
    ];
    const config = await loadWith({ issuers });
    expect(config.issuers[0]?.backChannelLogout).toEqual({ audience: ['client-1'], requireType: false });
    expect(config.issuers[1]).not.toHaveProperty('backChannelLogout');
  });

  it('says in a warning that the hash key stands in a file that others can read', async () => {
    const hashKey = everything.audit.hashKey;
    const directory = await directoryWith({ 'a.json': JSON.stringify({ ...minimal(), audit: { hashKey } }) });
    const file = join(directory, 'a.json');
    expect((await loadConfig(file, { env: {} })).warnings).toEqual([]);
    await chmod(file, 0o640);
    const { warnings } = await loadConfig(file, { env: {} });
    expect(warnings).toEqual([
      expect.objectContaining({ event: 'sallyport.config.secret_exposed', field: 'audit.hashKey' }),
    ]);
    expect(JSON.stringify(warnings)).not.toContain(hashKey);
    await writeFile(file, JSON.stringify({ ...minimal(), audit: { hashKey: '${env:KEY}' } }));
    expect((await loadConfig(file, { env: { KEY: hashKey } })).warnings).toEqual([]);
  });

  it('never fails with anything but a SetupError of one line, whatever JSON it is given', async () => {
    const known = fc.constantFrom(
      ...Object.keys(everything),
      ...Object.keys(everything.audit),
      ...Object.keys(everything.network),
      '__proto__',
      'constructor',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('${env:A}', '${file:/nonexistent}', '${', 'https://a', '\u2028\n', 'strict'),
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc.constant(null),
        fc.boolean(),
        fc.double(),
        fc.integer(),
        text,
        fc.array(tie('tree'), { maxLength: 3 }),
        tie('object'),
      ),
      object: fc.dictionary(fc.oneof(known, fc.string()), tie('tree'), { maxKeys: 5 }),
    }));
    const input = fc.oneof(
      tree,
      fc.dictionary(known, tree).map((fields) => ({ ...everything, ...fields })),
    );
    await fc.assert(
      fc.asyncProperty(input, async (value) => {
        const source = JSON.parse(JSON.stringify(value)) as ConfigInput;
        if (typeof source === 'string') return;
        const error: unknown = await load(source, { A: 'value' }).then(
          () => undefined,
          (caught: unknown) => caught,
        );
        if (error === undefined) return;
        expect(error).toBeInstanceOf(SetupError);
        expect((error as SetupError).message).toMatch(
          /^[^\p{Cc}\p{Zl}\p{Zp}]+ \(ERR_CONFIG_(?:INVALID|UNAVAILABLE)\)$/u,
        );
      }),
      { numRuns: 500 },
    );
  });

  it('never fails with anything but a SetupError, whatever the file holds', async () => {
    const directory = await directoryWith({});
    const file = fc.constantFrom('a.json', 'a.yaml');
    await fc.assert(
      fc.asyncProperty(
        file,
        fc.oneof(fc.string({ unit: 'binary' }), fc.json(), fc.uint8Array()),
        async (name, content) => {
          await writeFile(join(directory, name), content);
          const outcome: unknown = await loadConfig(join(directory, name), { env: {} }).catch(
            (error: unknown) => error,
          );
          expect(outcome).toBeInstanceOf(SetupError);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('passes on what reading the given object throws', async () => {
    const input = {
      get resource(): string {
        throw new RangeError('not mine');
      },
    };
    await expect(load(input)).rejects.toThrow(RangeError);
  });

  it('gives one error that can be handled by its parts', async () => {
    const error = await setupErrorOf(loadWith({ clockSkewSeconds: 3600 }));
    expect(error).toMatchObject({
      code: 'ERR_CONFIG_INVALID',
      field: 'clockSkewSeconds',
      problem: 'expected an integer from 0 to 300, saw 3600',
      remedy: 'write for example 60',
      doc: 'https://sallyport.dev/errors/ERR_CONFIG_INVALID',
    });
  });
});
