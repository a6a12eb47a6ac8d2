import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run } from '../support/run.ts';
import { temporaryDirectory } from '../support/audit-log.ts';

async function lint(access: unknown, ...args: readonly string[]) {
  const file = join(await temporaryDirectory(), 'server-card.json');
  const card = {
    $schema: 'https://static.modelcontextprotocol.io/schemas/v1/server-card.schema.json',
    name: 'com.example/notes',
    version: '1.2.3',
    description: 'Notes',
    _meta: { 'dev.sallyport/access': access },
  };
  await writeFile(file, typeof access === 'string' ? access : JSON.stringify(card));
  return run(['card', 'lint', file, ...args]);
}

const policy = {
  scopes: {
    read: { description: 'Read' },
    write: { implies: ['read'] },
    old: {},
    admin: { implies: ['old', 'write'] },
  },
  tools: {
    whoami: { scopes: [] },
    edit: { scopes: ['write'], sensitive: ['/pin'], audit: { mode: 'strict' } },
    choose: { anyOf: [['read'], ['write']] },
    both: { scopes: ['read'], anyOf: ['write'] },
    pay: { scopes: ['write'], when: 'args.amount <= 10', stepUp: ['read'] },
    secret: { scopes: [], disclosure: 'hide' },
  },
  resources: { 'note:///{id}': { scopes: ['read'] } },
  prompts: { sum: { scopes: ['read'] } },
};

describe('card lint', () => {
  it('prints who may call what, the scopes, and what looks like a mistake', async () => {
    const { code, stdout, stderr } = await lint(policy);
    expect(code).toBe(0);
    expect(stderr).toBe('');
    const [head, , ...lines] = stdout.trimEnd().split('\n');
    expect(head).toMatch(/^PASS {2}com\.example\/notes 1\.2\.3 {2}sha256:[0-9a-f]{64}$/);
    expect(lines).toEqual([
      'TARGET                 NEEDS            DISCLOSURE  CONDITION                        AUDIT',
      'tool whoami            any valid token  challenge   -                                -',
      'tool edit              write            challenge   -                                sensitive /pin, mode strict',
      'tool choose            read or write    challenge   -                                -',
      'tool both              read, and write  challenge   -                                -',
      'tool pay               write            challenge   args.amount <= 10, step-up read  -',
      'tool secret            any valid token  hide        -                                -',
      'resource note:///{id}  read             challenge   -                                -',
      'prompt sum             read             challenge   -                                -',
      '',
      'SCOPE  IMPLIES    DESCRIPTION',
      'read   -          Read',
      'write  read       -',
      'old    -          -',
      'admin  old write  -',
      '',
      'WARN  hidden-from-nobody  tools.secret: it is hidden, but any valid token may see and call it',
      '      name the scopes it needs, or remove "disclosure"',
      'WARN  unused-scope  scopes.old: the scope gives access to nothing',
      '      use it in a rule or remove it',
    ]);
  });

  it('says of a card without rules that nothing can be called', async () => {
    const { code, stdout } = await lint({});
    expect(code).toBe(0);
    expect(stdout).toContain(
      'WARN  nothing-declared  the card declares no tool, resource or prompt: every call is denied',
    );
    expect(stdout).not.toContain('TARGET');
  });

  it('prints the same as one JSON value with --json', async () => {
    const { stdout } = await lint(policy, '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      ok: true,
      name: 'com.example/notes',
      scopes: [
        { name: 'read', description: 'Read' },
        { name: 'write', implies: ['read'] },
        { name: 'old' },
        { name: 'admin' },
      ],
      targets: [
        { kind: 'tool', name: 'whoami', scopes: [] },
        {},
        {},
        {},
        { name: 'pay', when: 'args.amount <= 10' },
        {},
        {},
        { kind: 'prompt' },
      ],
      findings: [{ finding: 'hidden-from-nobody', rule: 'tools.secret' }, {}],
    });
  });

  it('exits 1 for a card that is not valid, with pointer, remedy and page', async () => {
    const { code, stdout } = await lint({ tools: { 'read-note': { scopes: ['unknown'] } } });
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^FAIL {2}ERR_CARD_INVALID {2}.*server-card\.json:1:\d+: \/_meta\/dev\.sallyport~1access\/tools\/read-note\/scopes\/0: "unknown" is not a declared scope\n {6}declare it/,
    );
    expect(stdout).toContain('      https://sallyport.dev/errors/ERR_CARD_INVALID\n');
  });

  // @verifies CARD-MISTAKES, CARD-UNDECIDED
  it('shows the first 20 mistakes in words and counts the rest, and all of them as JSON', async () => {
    const tools = Object.fromEntries(Array.from({ length: 25 }, (_, index) => [`tool-${index}`, { scopes: null }]));
    const { code, stdout } = await lint({ tools });
    expect(code).toBe(1);
    expect(stdout.match(/^FAIL {2}ERR_CARD_INVALID {2}.*: is null: who may use it is not decided yet$/gm)).toHaveLength(
      20,
    );
    expect(stdout).toContain('\n      and 5 more\n      https://sallyport.dev/errors/ERR_CARD_INVALID\n');
    const { mistakes, mistakeCount } = JSON.parse((await lint({ tools }, '--json')).stdout) as Record<
      string,
      unknown[]
    >;
    expect(mistakeCount).toBe(25);
    expect(mistakes).toHaveLength(25);
    expect(mistakes?.[0]).toMatchObject({
      pointer: '/_meta/dev.sallyport~1access/tools/tool-0/scopes',
      position: { line: 1, column: expect.any(Number) as number },
    });
  });

  // @verifies CARD-SECRETS
  it('exits 1 for a card that would publish a credential, and does not show it', async () => {
    const secret = `ghp_${'a1B2'.repeat(9)}`;
    const { code, stdout } = await lint({ tools: { t: { scopes: [], description: secret } } });
    expect(code).toBe(1);
    expect(stdout).toContain('holds what looks like a GitHub token, and would be published');
    expect(stdout).not.toContain(secret);
  });

  it('shows groups, roles and conditions among what a caller needs', async () => {
    const rule = { scopes: [], groups: ['dba', 'ops'], roles: ['admin'], when: 'args.rows <= 10' };
    const { stdout } = await lint({ tools: { query: rule } });
    expect(stdout).toContain('tool query  group dba or ops, and role admin  challenge   args.rows <= 10');
  });

  it('exits 1 for a file that is not JSON, and says so as JSON with --json', async () => {
    const { code, stdout, stderr } = await lint('{', '--json');
    expect(code).toBe(1);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      error: { code: 'ERR_CARD_INVALID', remedy: expect.any(String) as string },
    });
  });

  it('exits 2 for a file that can not be read', async () => {
    const { code, stdout, stderr } = await run(['card', 'lint', '/nowhere/card.json']);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('error  ERR_CARD_UNREADABLE  /nowhere/card.json: ');
  });
});
