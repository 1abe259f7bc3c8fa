import 'fake-indexeddb/auto';
import { openDB } from 'idb';
import { describe, expect, it } from 'vitest';
import { Store } from '../src/store/store';
import { give, lease } from './store-crimes';

let made = 0;
const name = (): string => `faults-${String(++made)}`;

interface Rows {
  get(table: string, key: string): Promise<unknown>;
  put(table: string, row: unknown): Promise<unknown>;
  close(): void;
}
const rowsOf = (store: Store): Rows => (store as unknown as { db: Rows }).db;
const draft = (id: string, summary: string) =>
  ({ id, kind: 'crime', crimeId: id, officerId: 'ada', changedAt: 1, form: { summary } }) as const;

describe('a phone that several officers use', () => {
  it('gives each officer their own numbers, and takes nobody else’s away', async () => {
    const store = await Store.open(name());
    await store.saveLeases('ada', [lease('hers', 26, 1, 2)]);
    await store.saveLeases('bilal', [lease('his', 26, 50, 1)]);
    const numbers = async (officer: string): Promise<string[]> =>
      (await store.unusedNumbers(officer, 26)).map((row) => row.number);
    expect([await numbers('ada'), await numbers('bilal')]).toEqual([
      ['01/0000001/26', '01/0000002/26'],
      ['01/0000050/26'],
    ]);
    expect((await give(store, 'crime')).number).toBe('01/0000001/26');
    await store.saveLeases('bilal', []);
    expect([await numbers('ada'), await numbers('bilal')]).toEqual([['01/0000002/26'], []]);
  });

  it('uses a number of an earlier version only when the server says whose it is', async () => {
    const store = await Store.open(name());
    const old = lease('hers', 26, 1, 1);
    await store.saveLeases('ada', [old]);
    const row = (await rowsOf(store).get('numbers', '01/0000001/26')) as Record<string, unknown>;
    await rowsOf(store).put('numbers', { ...row, officerId: undefined });
    expect(await store.unusedNumbers('ada', 26)).toEqual([]);
    await store.saveLeases('bilal', []);
    expect(await store.unusedNumbers('bilal', 26)).toEqual([]);
    await store.saveLeases('ada', [old]);
    expect(await store.unusedNumbers('ada', 26)).toHaveLength(1);
  });

  it('says whose a draft or a capture is', async () => {
    const store = await Store.open(name());
    await store.saveDraft(draft('d', ''));
    await give(store, 'c', 26, true);
    for (const id of ['d', 'c'])
      expect([await store.isOthers(id, 'ada'), await store.isOthers(id, 'bilal')]).toEqual([
        false,
        true,
      ]);
    expect(await store.isOthers('nothing', 'bilal')).toBe(false);
  });
});

describe('a store that fails', () => {
  it('opens again after the browser closed it, and nothing is lost', async () => {
    const store = await Store.open(name());
    await store.saveDraft(draft('a', 'before'));
    rowsOf(store).close();
    await expect(store.saveDraft(draft('b', 'meanwhile'))).rejects.toThrow();
    expect(await store.reconnect()).toBe(true);
    await store.saveDraft(draft('b', 'meanwhile'));
    expect((await store.listDrafts('ada')).map(({ form }) => form)).toEqual([
      { summary: 'before' },
      { summary: 'meanwhile' },
    ]);
  });

  it('keeps its key where the database was deleted under an open page', async () => {
    const at = name();
    const store = await Store.open(at);
    const { deviceId } = store;
    rowsOf(store).close();
    await new Promise((resolve) => {
      indexedDB.deleteDatabase(at).onsuccess = resolve;
    });
    expect(await store.reconnect()).toBe(true);
    await store.saveDraft(draft('a', 'typed after'));
    store.close();
    const again = await Store.open(at);
    expect([again.deviceId, (await again.listDrafts('ada'))[0]?.form]).toEqual([
      deviceId,
      { summary: 'typed after' },
    ]);
  });

  it('reads everything else where a bit of one row is flipped', async () => {
    const store = await Store.open(name());
    await store.saveDraft(draft('good', 'kept'));
    await store.saveDraft(draft('bad', 'damaged'));
    await give(store, 'crime', 26, true);
    for (const [table, id] of [
      ['drafts', 'bad'],
      ['cards', 'crime'],
    ] as const) {
      const row = (await rowsOf(store).get(table, id)) as { encrypted: { data: ArrayBuffer } };
      const bytes = new Uint8Array(row.encrypted.data);
      bytes[3] = (bytes[3] ?? 0) ^ 1;
      await rowsOf(store).put(table, row);
    }
    expect((await store.listDrafts('ada')).map(({ id }) => id)).toEqual(['good']);
    expect(await store.listCards('ada')).toEqual([]);
    expect(store.unreadableCount).toBe(2);
    expect((await store.listEntries()).map(({ id }) => id)).toEqual(['crime']);
    expect(await store.getSealedBytes('crime')).not.toBeNull();
  });

  it('opens what a newer version of the app left', async () => {
    const at = name();
    const store = await Store.open(at);
    await give(store, 'crime', 26, true);
    store.close();
    (await openDB(at, 7, { upgrade: (db) => void db.createObjectStore('new') })).close();
    const older = await Store.open(at);
    expect((await older.listEntries()).map(({ id }) => id)).toEqual(['crime']);
  });
});
