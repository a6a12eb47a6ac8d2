import { describe, expect, it } from 'vitest';
import { errorText, logEvent, logEvents, silentLogger, type OperationalLogger } from '../../src/index.ts';

interface Line {
  readonly level: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly message: string;
}

function recorder(): { readonly log: OperationalLogger; readonly lines: Line[] } {
  const lines: Line[] = [];
  const say = (level: string) => (fields: object, message: string) =>
    void lines.push({ level, fields: { ...fields }, message });
  return { log: { info: say('info'), warn: say('warn'), error: say('error') }, lines };
}

function lineOf(error: unknown): Readonly<Record<string, unknown>> {
  const { log, lines } = recorder();
  logEvent(log, 'sallyport.token.check_failed', { error });
  return lines[0]?.fields ?? {};
}

const jwt = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl';

describe('the table of events', () => {
  const rows = Object.entries(logEvents);

  it.each(rows)(
    '%s is named, says what to do, and keeps the reserved fields free',
    (code, { fields, message, remedy }) => {
      expect(code).toMatch(/^sallyport(\.[a-z]+(_[a-z]+)*){1,3}$/);
      expect(message.length).toBeGreaterThan(10);
      expect(remedy).toMatch(/^[A-Z`].{6,}/);
      const reserved = new Set([
        'event',
        'level',
        'time',
        'pid',
        'hostname',
        'name',
        'msg',
        'trace_id',
        'span_id',
        'trace_flags',
      ]);
      expect(fields.filter((field) => reserved.has(field))).toEqual([]);
      expect(fields.length).toBeLessThanOrEqual(16);
    },
  );

  it('says each thing once', () => {
    const messages = rows.map(([, { message }]) => message);
    expect(messages.filter((message, index) => messages.indexOf(message) !== index)).toEqual([]);
  });
});

describe('a line', () => {
  it('has the level and the message of its code, and the code as its event', () => {
    const { log, lines } = recorder();
    logEvent(log, 'sallyport.issuer.keys_none', { issuer: 'https://login.example.com' });
    expect(lines).toEqual([
      {
        level: 'error',
        fields: { event: 'sallyport.issuer.keys_none', issuer: 'https://login.example.com' },
        message: 'the issuer publishes no usable signing key',
      },
    ]);
  });

  it('has no field that its code does not declare, whatever is handed in', () => {
    const { log, lines } = recorder();
    const more = { issuer: 'a', token: 'secret', level: 60, msg: 'other', event: 'other' };
    logEvent(log, 'sallyport.issuer.keys_none', more);
    expect(lines[0]?.fields).toEqual({ event: 'sallyport.issuer.keys_none', issuer: 'a' });
  });

  it('may have the ids of a span besides', () => {
    const { log, lines } = recorder();
    const trace = { trace_id: '0af7651916cd43dd8448eb211c80319c', span_id: 'b7ad6b7169203331', trace_flags: '01' };
    logEvent(log, 'sallyport.audit.copy_failed', { ...trace, stream: 'a' });
    expect(lines[0]?.fields).toEqual({ event: 'sallyport.audit.copy_failed', stream: 'a', ...trace });
  });

  it('is bounded in length, breadth and depth', () => {
    const { log, lines } = recorder();
    const deep = { a: { b: { c: { d: { e: 1 } } } } };
    logEvent(log, 'sallyport.audit.damaged', {
      stream: 'x'.repeat(100_000),
      damaged: Array.from({ length: 1_000 }, (_, line) => ({ file: 'f'.repeat(2_000), line })),
      torn: deep,
    });
    const text = JSON.stringify(lines[0]?.fields);
    expect(text.length).toBeLessThan(40_000);
    expect(lines[0]?.fields['stream']).toHaveLength(1_024);
    expect(lines[0]?.fields['torn']).toEqual({ a: { b: { c: { d: '…' } } } });
  });

  it('is one line in every reader, and turns no text around', () => {
    const { log, lines } = recorder();
    logEvent(log, 'sallyport.issuer.keys_none', { issuer: 'a\r\n{"level":60}\u2028b\u0085c\u202Ed\u009B31m' });
    const text = JSON.stringify(lines[0]?.fields);
    expect(text.split(/[\r\n\u0085\u2028\u2029]/)).toHaveLength(1);
    expect(text).not.toMatch(/[\u0080-\u009f\u202a-\u202e\u2066-\u2069]/);
    expect(text).toContain('b\\\\u0085c');
  });

  // @verifies G-10
  it('never shows what looks like a credential, also inside a longer or a deeper text (G-10)', () => {
    for (const text of [
      jwt,
      `Authorization: Bearer ${jwt}`,
      `https://a.example/cb?access_token=${jwt}`,
      'x'.repeat(1_020) + jwt,
    ]) {
      const { log, lines } = recorder();
      logEvent(log, 'sallyport.issuer.keys_unavailable', { issuer: text, problem: text, retryInMs: 1 });
      logEvent(log, 'sallyport.audit.damaged', { damaged: [{ [text]: text }] });
      expect(JSON.stringify(lines)).not.toContain(jwt.slice(0, 20));
      expect(lines[0]?.fields['problem']).toBe('[hidden: looks like a credential]');
    }
  });

  it('is lost when its logger throws, and nothing else is', () => {
    const broken = (): never => {
      throw new Error('broken');
    };
    expect(() => logEvent({ info: broken, warn: broken, error: broken }, 'sallyport.ready')).not.toThrow();
    expect(() => logEvent(silentLogger, 'sallyport.ready')).not.toThrow();
  });
});

describe('an error', () => {
  it('is its name, code and message and those of its causes, and where it was made', () => {
    const cause = Object.assign(new TypeError('no route'), { code: 'EHOSTUNREACH' });
    const error = new Error('fetch failed', { cause });
    expect(errorText(error)).toBe('Error: fetch failed <- TypeError EHOSTUNREACH: no route');
    const { error: text, stack } = lineOf(error);
    expect(text).toBe('Error: fetch failed <- TypeError EHOSTUNREACH: no route');
    expect(stack).toMatch(/^at .*log-event\.test\.ts:\d+/);
    expect(stack).not.toContain('fetch failed');
  });

  it('brings nothing else along: no body, no claims, no headers of the libraries that throw it', () => {
    const error = Object.assign(new Error('unexpected "iss" claim value'), {
      payload: { iss: 'secret-claim' },
      response: { body: 'secret-body', headers: { authorization: 'secret-header' } },
    });
    expect(JSON.stringify(lineOf(error))).not.toContain('secret-');
  });

  it('may be anything that was thrown, and may be hostile', () => {
    expect(lineOf('a text')['error']).toBe('a text');
    const odd = new Error('x');
    Object.defineProperty(odd, 'message', {
      get() {
        throw new Error('again');
      },
    });
    expect(lineOf(odd)['error']).toBe('Error');
    const circular = new Error('round');
    circular.cause = circular;
    expect(lineOf(circular)['error']).toBe('Error: round <- Error: round <- Error: round <- Error: round');
    expect(lineOf(new Error('x'.repeat(50_000)))['error']).toHaveLength(1_024);
  });
});
