import { allowed, denied, observed, outcome, type RecordFields } from '../../support/audit-log.ts';

/** Names that want to be markup, or to be read as something else. */
export const hostileNames: readonly string[] = [
  '<script>document.title = "injected"</script>',
  '"><img src=x onerror="document.title=1">',
  '<svg onload=alert(1)><a href="javascript:alert(1)">x</a>',
  '</td></tr></table><h1>All clear</h1>',
  '</title></style><iframe src="https://attacker.example/"></iframe>',
  'invoice\u202Efdp.exe',
  'zero\u200Bwidth\u0000\u001B[31m',
  '__proto__',
  '&lt;b&gt;',
  'شركة <b>עברית</b>',
  '\uD800lone',
  'x'.repeat(5000),
  '-->',
  '{{constructor}}',
];

/** A log in which every text that a caller, a client or an issuer can choose is hostile. */
export const hostileLog: readonly RecordFields[] = [
  { type: 'audit.started', detail: { mode: 'strict', level: 'metadata', note: hostileNames[0] } },
  { type: 'config.loaded', detail: { hash: 'sha256:1', policy: hostileNames[1], enforcement: 'observe' } },
  ...hostileNames.flatMap((name, index): RecordFields[] => {
    const id = (part: string): string => `00000000-0000-4000-8000-${part}${String(index).padStart(4, '0')}`;
    const actor = { iss: `https://${name}`, sub: name, clientId: name, act: [], proof: 'jwt' };
    const target = { kind: 'tool', name };
    return [
      { ...allowed(id('a'), name, name), actor, target },
      outcome(id('a'), name),
      { ...denied(name, name, name), actor, target, decision: { effect: 'deny', reason: name, rule: name } },
      { ...observed(id('b'), name, name), actor, target },
      outcome(id('b')),
      { type: 'auth.failure', call: name, source: { ip: name }, decision: { effect: 'deny', reason: name } },
      { type: 'request.refused', call: name, source: { ip: name }, decision: { effect: 'deny', reason: name } },
      { type: 'token.revoked', revocation: { iss: name, sub: name, until: name }, detail: { by: name } },
      { type: 'audit.gap', detail: { count: 1, types: { [name]: 1 } } },
      { type: 'audit.exported', detail: { by: { user: name, host: name }, command: name, state: 'ended' } },
    ];
  }),
  { type: 'audit.stopped', detail: { open: 0 } },
];
