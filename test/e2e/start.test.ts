import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe } from 'vitest';
import { expectFailedStart, tryStarts, type EndedStart, type FailedStart } from './support/failed-start.ts';
import { verifies } from './support/verifies.ts';

type Row = readonly [name: string, start: FailedStart];
type Fields = Record<string, unknown>;

/** A configuration that is wrong in one field. */
function field(name: string, config: Fields | string, says: RegExp, rest: Partial<FailedStart> = {}): FailedStart {
  return { config, file: 'config.json', field: name, says, code: 'ERR_CONFIG_INVALID', ...rest };
}

const issuer = (more: Fields): Fields => ({ issuers: [{ issuer: 'https://login.example.com', ...more }] });
const local = { issuer: 'http://127.0.0.1:9' };
const yaml = 'resource: https://mcp.example.com/mcp\nissuers: []\ncard: ./card.json\n';
const shared = { state: { redis: 'redis://127.0.0.1:6379' } };
const notYet = { code: 'ERR_CONFIG_UNAVAILABLE' };
const hashKey = { audit: { directory: './audit', hashKey: '${env:HASH_KEY}' } };
const weakKey = { env: { HASH_KEY: 'hunter2-hunter2' }, hides: ['hunter2'], code: 'ERR_AUDIT_KEY' };

const configs: readonly Row[] = [
  ['a field that is not known', field('drifts', { drifts: 'warn' }, /did you mean drift/)],
  ['a resource over http (A-38)', field('resource', { resource: 'http://mcp.example.com/mcp' }, /use https/)],
  ['an http issuer without the dangerous switch (C-22)', field('issuers[0].issuer', issuer(local), /dangerouslyAllow/)],
  ['an HMAC algorithm (B-07)', field('issuers[0].algorithms[0]', issuer({ algorithms: ['HS256'] }), /"RS256"/)],
  ['an hour of clock skew (B-50)', field('clockSkewSeconds', { clockSkewSeconds: 3600 }, /from 0 to 300/)],
  ['every proxy trusted (K-23)', field('network.trustedProxies', { network: { trustedProxies: true } }, /list|count/)],
  ['a feature that is not there yet', field('state.redis', shared, /not available yet/, notYet)],
  ['a variable that is not set', field('resource', { resource: '${env:SALLYPORT_UNSET}' }, /set SALLYPORT_UNSET/)],
  ['a secret of the wrong form, which it does not show', field('audit.hashKey', hashKey, /32/, weakKey)],
  [
    'a file that is no JSON',
    { config: '{ "resource": ', file: 'config.json', says: /JSON/, code: 'ERR_CONFIG_UNREADABLE' },
  ],
  ['a YAML file with a list that is empty', field('issuers', yaml, /./, { name: 'guard.yaml', file: 'guard.yaml' })],
];

const cardFile = fileURLToPath(new URL('../target/server-card.json', import.meta.url));
const cardText = readFileSync(cardFile, 'utf8');
const echo = '"echo": { "scopes": ["echo:call"] }';

/** A card that is the target's but for its rule of `echo`, or another change. */
function card(change: string | ((text: string) => string), says: RegExp, at?: string): FailedStart {
  const changed = typeof change === 'string' ? cardText.replace(echo, `"echo": ${change}`) : change(cardText);
  if (changed === cardText) throw new Error('the card was not changed');
  return {
    ...{ config: { card: './card.json' }, files: { 'card.json': changed }, file: 'card.json' },
    ...{ says, code: 'ERR_CARD_INVALID' },
    ...(at !== undefined && { field: `/_meta/dev.sallyport~1access${at}` }),
  };
}

/** Looks like an access key of AWS. */
const leaked = ['AKIA', 'IOSFODNN7EXAMPLE'].join('');

const unreadable = { config: { card: './nope.json' }, file: 'nope.json', code: 'ERR_CARD_UNREADABLE' };
const inline = { card: { name: 'x' } };

const cards: readonly Row[] = [
  ['a card that is not there', { ...unreadable, says: /no such file/ }],
  ['a card that is no JSON', card(() => '{', /JSON/)],
  [
    'a card in the configuration that is none',
    { config: inline, file: 'config.json', says: /\/card/, code: 'ERR_CARD_INVALID' },
  ],
  ['a scope that is not declared', card('{ "scopes": ["echo:cal"] }', /"echo:cal" is not/, '/tools/echo/scopes/0')],
  ['scopes that are null (F-06)', card('{ "scopes": null }', /not decided/, '/tools/echo/scopes')],
  ['scopes that are left out (F-06)', card('{ "description": "Echo" }', /is missing/, '/tools/echo/scopes')],
  ['scopes that are a text (F-06)', card('{ "scopes": "echo:call" }', /list/, '/tools/echo/scopes')],
  [
    'a scope that could not stand in a challenge (F-97)',
    card((text) => text.replace('"config:read": {', '"config:\\"read": {'), /scope/),
  ],
  [
    'a card that would publish a credential, which is not shown',
    {
      ...card((text) => text.replace('"version"', `"x-key": "${leaked}", "version"`), /access key/),
      field: '/x-key',
      hides: [leaked],
    },
  ],
  ['sign-in scopes that are not in the card', field('signInScopes[0]', { signInScopes: ['notes:raed'] }, /notes:raed/)],
];

const ghost = card((text) => text.replace(echo, `${echo}, "ghost": { "scopes": [] }`), /"ghost"/);
const drift = { code: 'ERR_CARD_DRIFT' };

const drifts: readonly Row[] = [
  [
    'a tool that is registered and not declared',
    { config: { drift: 'error' }, file: cardFile, says: /"unlisted"/, ...drift },
  ],
  [
    'a tool that is declared and not registered',
    { ...ghost, config: { card: './card.json', drift: 'error' }, ...drift },
  ],
];

const below = { audit: { directory: './file/audit', stream: 'target' } };
const directory = {
  field: 'audit.directory',
  files: { file: '' },
  says: /can not be written/,
  code: 'ERR_AUDIT_DIRECTORY',
};

const audits: readonly Row[] = [
  ['an audit directory below a file', { ...directory, config: below, file: 'file/audit' }],
];

let ended: Map<FailedStart, EndedStart>;
beforeAll(async () => {
  ended = await tryStarts([...configs, ...cards, ...drifts, ...audits].map(([, start]) => start));
});

describe('the process ends before it listens, with one line that names file, field and remedy, for', () => {
  for (const [name, start] of configs) verifies('START-CONFIG', name, () => expectFailedStart(start, ended.get(start)));
  for (const [name, start] of cards) verifies('START-CARD', name, () => expectFailedStart(start, ended.get(start)));
  for (const [name, start] of drifts) verifies('START-DRIFT', name, () => expectFailedStart(start, ended.get(start)));
  for (const [name, start] of audits) verifies('START-AUDIT', name, () => expectFailedStart(start, ended.get(start)));
});
