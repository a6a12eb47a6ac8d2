import { expect, test } from 'vitest';

import { createLister } from '../../src/policy/create-lister.ts';
import { runLister } from '../../src/policy/run-lister.ts';

test('A list is served whole, and filtered without what the caller may not see.', async () => {
  const lister = await createLister();
  const names = async (list: 'served' | 'filtered'): Promise<string[]> => {
    const { result } = JSON.parse(Buffer.from(await lister(list)).toString()) as {
      result: { tools: { name: string }[] };
    };
    return result.tools.map(({ name }) => name);
  };
  const [served, filtered] = [await names('served'), await names('filtered')];
  expect(served).toHaveLength(1000);
  expect(filtered).toEqual(served.filter((_, index) => index % 10 !== 9));
  const result = await runLister(lister, 1);
  expect(result.served).toMatchObject({ calls: 1 });
  expect(result.served).not.toHaveProperty('wrong');
  expect(result.filtered).not.toHaveProperty('wrong');
});

test('A list that shows too much is wrong.', async () => {
  const body = Buffer.from(JSON.stringify({ result: { tools: Array.from({ length: 1000 }, () => ({})) } }));
  const { served, filtered } = await runLister(() => Promise.resolve(body), 1);
  expect(served).not.toHaveProperty('wrong');
  expect(filtered).toMatchObject({ wrong: 'wrong list' });
});
