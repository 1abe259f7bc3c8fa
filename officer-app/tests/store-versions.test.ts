import 'fake-indexeddb/auto';
import { openDB } from 'idb';
import { describe, expect, it, vi } from 'vitest';
import { encryptValue, newKey } from '../src/store/cipher';
import { isTooNew, openDatabase, STORE_VERSION } from '../src/store/schema';
import { Store } from '../src/store/store';
import { cardOf, give, sealedOf } from './store-crimes';

let made = 0;
const name = (): string => `versions-${String(++made)}`;

/** The tables and the rows as version 1 of the app wrote them, before captures had keys of their own. */
async function leaveVersion1(at: string): Promise<void> {
  const db = await openDB(at, 1, {
    upgrade(first) {
      first.createObjectStore('keys');
      first.createObjectStore('cache');
      first.createObjectStore('numbers', { keyPath: 'number' });
      for (const table of ['drafts', 'entries', 'cards'])
        first.createObjectStore(table, { keyPath: 'id' });
      first.createObjectStore('files');
    },
  });
  const key = await newKey();
  const sealed = await sealedOf('crime', '01/0000001/26');
  const text = (context: string, value: unknown) => encryptValue(key, context, value);
  await db.put('keys', key, 'main');
  await db.put('cache', await text('cache:device', { id: 'device-of-version-1' }), 'device');
  await db.put('cache', await text('cache:me', { id: 'ada' }), 'me');
  await db.put('numbers', {
    number: '01/0000001/26',
    leaseId: 'l1',
    year: 26,
    spentBy: 'crime',
    isWithdrawn: false,
  });
  await db.put('drafts', {
    id: 'draft',
    kind: 'crime',
    crimeId: 'draft',
    officerId: 'ada',
    changedAt: 5,
    encrypted: await text('draft:draft', { summary: 'half a sentence' }),
  });
  const sealedText = JSON.parse(new TextDecoder().decode(sealed.bytes)) as unknown;
  await db.put('entries', {
    id: 'crime',
    entry: {
      id: 'crime',
      kind: 'crime',
      crimeId: 'crime',
      officerId: 'ada',
      state: 'sealed',
      sha256: sealed.sha256,
      fileSha256: null,
      sealedAt: 1,
      attempts: 3,
      nextAt: 0,
      receipt: null,
      fileReceipt: null,
      uploadUrl: null,
      problem: 'No signal.',
    },
    encrypted: await text('entry:crime', sealedText),
    form: null,
    description: await text('description:crime', 'Theft from a shop'),
  });
  await db.put('files', await text('file:photo', 'JPEG'), 'photo');
  await db.put('cards', {
    id: 'crime',
    officerId: 'ada',
    savedAt: 1,
    encrypted: await text('card:crime', cardOf('crime', null)),
  });
  db.close();
}

async function check(store: Store): Promise<void> {
  expect(store.deviceId).toBe('device-of-version-1');
  expect(await store.getCached('me')).toEqual({ id: 'ada' });
  expect((await store.listDrafts('ada')).map(({ form }) => form)).toEqual([
    { summary: 'half a sentence' },
  ]);
  const [entries, descriptions] = await store.listEntriesWithDescriptions();
  expect(entries.map(({ id, state }) => [id, state])).toEqual([['crime', 'sealed']]);
  expect(descriptions.get('crime')).toBe('Theft from a shop');
  expect(new TextDecoder().decode((await store.getSealedBytes('crime')) ?? new Uint8Array())).toBe(
    '{"id":"crime","words":"01/0000001/26"}',
  );
  expect((await store.listCards('ada')).map(({ id }) => id)).toEqual(['crime']);
  expect(store.unreadableCount).toBe(0);
}

const versionOf = async (at: string): Promise<number> => {
  const db = await openDB(at);
  const { version } = db;
  db.close();
  return version;
};

describe('versions of the store', () => {
  it('test_it_works: version 1 is migrated with its rows, once', async () => {
    const at = name();
    await leaveVersion1(at);
    const store = await Store.open(at);
    await check(store);
    // A number that was spent in version 1 is never given again.
    await store.saveLeases('ada', [
      { lease_id: 'l1', force: '01', year: 26, numbers: ['01/0000001/26', '01/0000002/26'] },
    ]);
    expect((await store.unusedNumbers('ada', 26)).map((row) => row.number)).toEqual([
      '01/0000002/26',
    ]);
    store.close();
    expect(await versionOf(at)).toBe(STORE_VERSION);
    const again = await Store.open(at);
    await check(again);
    again.close();
  });

  it('an app of version 1 reads what this one left, as after a roll-back of the server', async () => {
    const at = name();
    const store = await Store.open(at);
    await store.saveLeases('ada', []);
    await give(store, 'crime', 26, true);
    store.close();
    // What version 1 does where it finds a newer version: it opens the tables as they are.
    const old = await openDB(at);
    expect([...old.objectStoreNames]).toEqual(
      expect.arrayContaining(['cache', 'cards', 'drafts', 'entries', 'files', 'keys', 'numbers']),
    );
    const row = (await old.get('entries', 'crime')) as { entry: { state: string } };
    expect(row.entry.state).toBe('sealed');
    old.close();
  });

  it('opens what a newer app left, and says where it may only send and export', async () => {
    for (const [readableFrom, expected] of [
      [STORE_VERSION, false],
      [STORE_VERSION + 5, true],
    ] as const) {
      const at = name();
      const store = await Store.open(at);
      await give(store, 'crime', 26, true);
      store.close();
      const newer = await openDB(at, STORE_VERSION + 5, {
        upgrade: (db) => void db.createObjectStore('new'),
      });
      await newer.put('meta', { readableFrom }, 'format');
      newer.close();
      const older = await Store.open(at);
      expect(older.isTooNew).toBe(expected);
      expect((await older.listEntries()).map(({ id }) => id)).toEqual(['crime']);
      expect(await older.getSealedBytes('crime')).not.toBeNull();
      older.close();
    }
  });

  it('gives way to a newer app in another tab, and goes on working', async () => {
    const at = name();
    const store = await Store.open(at);
    await give(store, 'crime', 26, true);
    let isBlocked = false;
    const newer = await openDB(at, STORE_VERSION + 1, {
      upgrade: (db) => void db.createObjectStore('new'),
      blocked: () => {
        isBlocked = true;
      },
    });
    expect(isBlocked).toBe(false);
    expect(await store.reconnect()).toBe(true);
    expect((await store.listEntries()).map(({ id }) => id)).toEqual(['crime']);
    newer.close();
    store.close();
  });

  it('says that an old tab keeps it waiting, and opens when that is closed', async () => {
    const at = name();
    await leaveVersion1(at);
    // A tab of an app that had no `blocking` handler.
    const oldTab = await openDB(at, 1);
    let saidBlocked = false;
    const opening = Store.open(at, () => {
      saidBlocked = true;
      oldTab.close();
    });
    const store = await opening;
    expect(saidBlocked).toBe(true);
    await check(store);
    store.close();
  });

  it('opens the tables as they were where a migration fails, as on a full disk', async () => {
    const at = name();
    await leaveVersion1(at);
    const full = vi.spyOn(IDBDatabase.prototype, 'createObjectStore').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError');
    });
    const store = await Store.open(at);
    await check(store);
    expect(store.isTooNew).toBe(false);
    store.close();
    full.mockRestore();
    expect(await versionOf(at)).toBe(1);
    const mended = await Store.open(at);
    await check(mended);
    mended.close();
    expect(await versionOf(at)).toBe(STORE_VERSION);
  });

  it('opens no database that is not the app’s', async () => {
    const at = name();
    (await openDB(at, STORE_VERSION + 1)).close();
    await expect(
      openDatabase(at, { onBlocked: () => undefined, onTerminated: () => undefined }),
    ).rejects.toThrow();
    const db = await openDB(name(), 1);
    expect(await isTooNew(db as unknown as Parameters<typeof isTooNew>[0])).toBe(false);
    db.close();
  });
});
