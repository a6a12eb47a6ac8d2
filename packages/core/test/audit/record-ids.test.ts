import { expect, test } from 'vitest';
import { createRecordIds } from '../../src/audit/record-ids.ts';

const uuid7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test('ids are UUIDv7 of the time they were made, all different, and sort as they were made', () => {
  let now = 1_790_000_000_000;
  const newId = createRecordIds(() => now);
  const ids: string[] = [];
  for (let index = 0; index < 5000; index++) {
    if (index % 1000 === 999) now += 1;
    ids.push(newId());
  }
  expect(new Set(ids).size).toBe(5000);
  expect(ids).toEqual(ids.toSorted());
  for (const id of ids) expect(id).toMatch(uuid7);
  expect(Number.parseInt((ids[0] ?? '').replace('-', '').slice(0, 12), 16)).toBe(1_790_000_000_000);
});

test('ids go on in order when the clock goes back', () => {
  let now = 1_790_000_000_000;
  const newId = createRecordIds(() => now);
  const before = newId();
  now -= 7_200_000;
  expect(newId() > before).toBe(true);
});

test('two processes that start in the same millisecond do not make the same ids', () => {
  const [a, b] = [createRecordIds(() => 1), createRecordIds(() => 1)];
  const ids = Array.from({ length: 1000 }, () => [a(), b()]).flat();
  expect(new Set(ids).size).toBe(2000);
});
