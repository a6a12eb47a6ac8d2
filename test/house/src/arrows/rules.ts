/** Which package may import which, by folder name. A package that is not here may not exist. */
export const arrows: ReadonlyMap<string, readonly string[]> = new Map([
  ['core', []],
  ['config', ['core']],
  ['token', ['core']],
  ['card', ['core']],
  ['audit', ['core']],
  ['telemetry', ['core']],
  ['redis', ['core']],
  ['session', ['core']],
  ['tasks', ['core']],
  ['express', ['core', 'config', 'token', 'card', 'audit', 'telemetry', 'redis', 'session', 'tasks']],
  ['gateway', ['express', 'core', 'config', 'token', 'card', 'audit', 'telemetry', 'redis', 'session', 'tasks']],
  ['dev-idp', []],
  [
    'cli',
    [
      'core',
      'config',
      'token',
      'card',
      'audit',
      'telemetry',
      'redis',
      'session',
      'tasks',
      'express',
      'gateway',
      'dev-idp',
    ],
  ],
]);

/** A library that only some packages may touch, types included. */
export interface Reserved {
  readonly what: string;
  /** Whether a package name belongs to it. */
  readonly matches: (name: string) => boolean;
  /** Folders of `packages/` that may import it, with the part of `src` it is confined to. */
  readonly allowed: ReadonlyMap<string, string>;
}

const everywhere = '';

const expressNames: ReadonlySet<string> = new Set([
  'express',
  '@types/express',
  'express-serve-static-core',
  '@types/express-serve-static-core',
  '@modelcontextprotocol/express',
]);

export const reserved: readonly Reserved[] = [
  {
    what: 'Express',
    matches: (name) => expressNames.has(name),
    allowed: new Map([
      ['express', everywhere],
      ['gateway', everywhere],
    ]),
  },
  {
    what: 'ioredis and BullMQ',
    matches: (name) => name === 'ioredis' || name === 'bullmq',
    allowed: new Map([['redis', everywhere]]),
  },
  {
    what: 'the MCP SDK',
    matches: (name) => name.startsWith('@modelcontextprotocol/'),
    allowed: new Map([
      ['express', everywhere],
      ['gateway', everywhere],
      ['session', everywhere],
      ['tasks', everywhere],
      ['cli', everywhere],
      ['card', 'builder/'],
    ]),
  },
];

/** Packages that do no input or output. */
export const pure: ReadonlySet<string> = new Set(['core']);

/** The modules of Node that do input and output. */
export const ioModules: ReadonlySet<string> = new Set([
  'child_process',
  'cluster',
  'dgram',
  'dns',
  'fs',
  'http',
  'http2',
  'https',
  'net',
  'readline',
  'repl',
  'sqlite',
  'tls',
  'worker_threads',
]);

/** Imports whose target is computed, as `<folder>/src/<file>`, each with its reason. */
export const computedImports: ReadonlyMap<string, string> = new Map([
  ['cli/src/card/load-build-server.ts', 'the module of the user, named on the command line'],
  ['audit/src/scan/scan-worker.ts', 'the task of whoever scans, named in code by its caller'],
]);
