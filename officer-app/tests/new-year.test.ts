import { expect, it } from 'vitest';
import { Store } from '../src/store/store';
import { give, lease } from './store-crimes';

const name = (): string => crypto.randomUUID();

const numbers = async (store: Store, year: number): Promise<string[]> =>
  (await store.unusedNumbers('ada', year)).map(({ number }) => number);

it('gives no number of the next year before it has begun', async () => {
  const store = await Store.open(name());
  await store.saveLeases('ada', [lease('now', 26, 1, 1), lease('next', 27, 1, 2)]);
  expect(await numbers(store, 26)).toEqual(['01/0000001/26']);
  expect((await give(store, 'crime')).number).toBe('01/0000001/26');
  expect(await numbers(store, 26)).toEqual([]);
});

it('gives numbers of the new year first, and then what is left of last year', async () => {
  const store = await Store.open(name());
  await store.saveLeases('ada', [lease('now', 26, 1, 1), lease('next', 27, 1, 1)]);
  expect(await numbers(store, 27)).toEqual(['01/0000001/27', '01/0000001/26']);
});

it('gives what it has where its clock fell back by years', async () => {
  const store = await Store.open(name());
  await store.saveLeases('ada', [lease('now', 26, 1, 1)]);
  expect(await numbers(store, 70)).toEqual(['01/0000001/26']);
  expect(await numbers(store, 0)).toEqual(['01/0000001/26']);
});
