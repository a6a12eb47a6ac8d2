import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { expect, test, onTestFinished, vi } from 'vitest';
import { currentProcess, processState } from '../../src/lock/process-identity.ts';
import { deadPid } from '../support/foreign-lock.ts';

test('a running process is alive', () => {
  expect(processState(currentProcess())).toBe('alive');
});

test('a process that has ended is dead', async () => {
  expect(processState({ ...currentProcess(), pid: await deadPid() })).toBe('dead');
});

test('a pid that belongs to a younger process now says that the older one is dead', () => {
  expect(processState({ ...currentProcess(), startTicks: '1' })).toBe('dead');
});

test('a killed process that nobody has waited for is dead', async () => {
  const parent = spawn('sh', ['-c', 'sleep 600 & echo $!; exec sleep 600']);
  onTestFinished(() => void parent.kill('SIGKILL'));
  const [output] = (await once(parent.stdout, 'data')) as [Buffer];
  const pid = Number(output.toString());
  // Once its parent has become `sleep`, nobody waits for it: the pid stays taken.
  await vi.waitFor(() => expect(readFileSync(`/proc/${parent.pid}/comm`, 'utf8')).toBe('sleep\n'), 10_000);
  const zombie = { ...currentProcess(), pid, startTicks: startTicksOf(pid) };
  expect(processState(zombie)).toBe('alive');
  process.kill(pid, 'SIGKILL');
  await vi.waitFor(() => expect(processState(zombie)).toBe('dead'));
  expect(() => process.kill(pid, 0)).not.toThrow();
});

test('of a process in another PID namespace or boot nothing is known', () => {
  expect(processState({ ...currentProcess(), pidNamespace: 'pid:[1]' })).toBe('unknown');
  expect(processState({ ...currentProcess(), bootId: 'another' })).toBe('unknown');
});

test('without a start time a live pid proves nothing', () => {
  expect(processState({ ...currentProcess(), startTicks: null })).toBe('unknown');
});

/** Field 22 of `/proc/<pid>/stat`; the name of `sleep` holds no space. */
function startTicksOf(pid: number): string {
  return readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ')[21] ?? '';
}
