import { EventEmitter, once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { runDevIdp } from '../src/run-dev-idp.ts';

function text(): { write(text: string): unknown; written: string; readonly changed: EventEmitter } {
  return {
    written: '',
    changed: new EventEmitter(),
    write(line: string): void {
      this.written += line;
      this.changed.emit('line');
    },
  };
}

describe('runDevIdp', () => {
  it.each(['SIGTERM', 'SIGINT'])('prints one ready line and exits 0 on %s', async (signal) => {
    const [stdout, stderr, signals] = [text(), text(), new EventEmitter()];
    const ready = once(stdout.changed, 'line');
    const running = runDevIdp({ argument: '{"quiet":true}', stdout, stderr, signals });
    await ready;
    const line: { issuer: string; port: number } = JSON.parse(stdout.written);
    expect(line).toEqual({ ready: true, issuer: `http://127.0.0.1:${line.port}`, port: line.port, pid: process.pid });
    expect((await fetch(`${line.issuer}/jwks`)).status).toBe(200);
    signals.emit(signal);
    expect(await running).toBe(0);
    expect(stdout.written.trimEnd()).not.toContain('\n');
    expect(stderr.written).toBe('');
  });

  it.each(['{', '[]', 'null', '"x"', '{"host":"0.0.0.0"}'])(
    'exits 1 with one line for the argument %s',
    async (argument) => {
      const [stdout, stderr] = [text(), text()];
      expect(await runDevIdp({ argument, stdout, stderr, signals: new EventEmitter() })).toBe(1);
      expect(stderr.written).toMatch(/^dev IdP: [^\n]+\n$/u);
      expect(stdout.written).toBe('');
    },
  );
});
