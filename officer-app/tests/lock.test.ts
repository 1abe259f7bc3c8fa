/** The lock: what a copy of the database gives away, and what opens it. */
import 'fake-indexeddb/auto';
import { openDB } from 'idb';
import { describe, expect, it, vi } from 'vitest';
import { AppLock } from '../src/lock/app-lock';
import { LockedPhone } from '../src/lock/locked-phone';
import { makeLock, openLock } from '../src/store/lock';
import { Store, StoreLocked } from '../src/store/store';
import { addVault, listVaults } from '../src/store/vaults';
import { give, lease } from './store-crimes';

let made = 0;
const name = (): string => `lock-${String(++made)}`;
const QUICK = { iterations: 1000 };
const PIN = '73915046';
const WORDS = ['wing mirror', 'Joseph Adeyemi', 'a photo of it', 'ada-session'];

const draft = (id: string, summary: string) =>
  ({ id, kind: 'crime', crimeId: id, officerId: 'ada', changedAt: 1, form: { summary } }) as const;

/** Everything that a thief reads in the database, with every raw key that is in it. */
interface Copy {
  text: string;
  keys: CryptoKey[];
  encrypted: { iv: Uint8Array<ArrayBuffer>; data: ArrayBuffer }[];
}

/** Copy the database, as a thief who has the disk would. */
async function copyDatabase(at: string): Promise<Copy> {
  const db = await openDB(at);
  const copy: Copy = { text: '', keys: [], encrypted: [] };
  const bytesOf = (bytes: ArrayBuffer | Uint8Array): string =>
    new TextDecoder('latin1').decode(bytes);
  const collect = (value: unknown): void => {
    if (value instanceof CryptoKey) copy.keys.push(value);
    else if (value instanceof ArrayBuffer || value instanceof Uint8Array)
      copy.text += bytesOf(value);
    else if (typeof value === 'object' && value !== null) {
      if ('iv' in value && 'data' in value) copy.encrypted.push(value as Copy['encrypted'][number]);
      for (const [key, part] of Object.entries(value)) {
        copy.text += ` ${key} `;
        collect(part);
      }
    } else copy.text += ` ${String(value)} `;
  };
  for (const table of db.objectStoreNames) {
    collect(await db.getAllKeys(table));
    collect(await db.getAll(table));
  }
  db.close();
  return copy;
}

/** Say which keys in a copy can decrypt. */
const decrypting = (copy: Copy): CryptoKey[] =>
  copy.keys.filter((key) => key.usages.includes('decrypt'));

/** A store with a draft, a sealed crime, a photo and something fetched, none of it sent. */
async function filledStore(at: string): Promise<Store> {
  const store = await Store.open(at);
  await store.saveLeases('ada', [lease('l', 26, 1, 3)]);
  await give(store, 'crime');
  await store.saveDraft(
    { ...draft('photo', 'wing mirror'), kind: 'item' },
    new TextEncoder().encode('a photo of it').buffer,
  );
  await store.setCached('me', { id: 'ada-session' });
  return store;
}

async function lockStore(store: Store, pin = PIN): Promise<void> {
  const { lock, key } = await makeLock({ pin }, QUICK);
  await store.setLock(lock, key);
  await store.finishLock();
}

async function openWith(at: string, pin: string): Promise<Store> {
  const [vault] = await listVaults(at);
  const key = vault?.lock == null ? null : await openLock(vault.lock, { pin });
  return Store.open(at, undefined, key);
}

async function readAll(store: Store): Promise<unknown[]> {
  const facts: unknown[] = [
    (await store.getCard('crime'))?.person.name,
    JSON.parse(new TextDecoder().decode((await store.getSealedBytes('crime')) ?? undefined)),
    (await store.listDrafts('ada')).map(({ form }) => form),
    new TextDecoder().decode((await store.getFile('photo')) ?? undefined),
    await store.getCached('me'),
    store.unreadableCount,
  ];
  return facts;
}

const ALL = [
  'Joseph Adeyemi',
  { id: 'crime', words: '01/0000001/26' },
  [{ summary: 'wing mirror' }],
  'a photo of it',
  { id: 'ada-session' },
  0,
];

describe('a copied database', () => {
  it('test_it_works: has no key and no word of it once there is a lock', async () => {
    const at = name();
    const store = await filledStore(at);
    const before = await copyDatabase(at);
    expect(decrypting(before)).toHaveLength(1);
    await lockStore(store);
    const copy = await copyDatabase(at);
    expect(WORDS.filter((word) => copy.text.includes(word))).toEqual([]);
    expect(decrypting(copy)).toEqual([]);
    // No key at all but the one that a PIN is mixed with, which decrypts nothing.
    expect(copy.keys.map(({ algorithm }) => algorithm.name)).toEqual(['HMAC']);
    // The key before the lock opens nothing that is there now: all was encrypted anew.
    const [old] = decrypting(before);
    const contexts = ['cache:me', 'card:crime', 'draft:photo', 'file:photo', 'capture:photo'];
    for (const { iv, data } of copy.encrypted)
      for (const context of contexts) {
        const additionalData = new TextEncoder().encode(context);
        const opening = crypto.subtle.decrypt(
          { name: 'AES-GCM', iv, additionalData },
          old as CryptoKey,
          data,
        );
        await expect(opening).rejects.toThrow();
      }
    expect(await readAll(store)).toEqual(ALL);
  });

  it('has no key of a capture any more that the server has received', async () => {
    const at = name();
    const store = await filledStore(at);
    const { sha256 = '' } = (await store.getEntry('crime')) ?? {};
    const keyOf = async (): Promise<unknown> => {
      const db = await openDB(at);
      const key = (await db.get('keys', 'capture:crime')) as unknown;
      db.close();
      return key;
    };
    expect(await keyOf()).toBeDefined();
    await store.applyEvent('crime', { type: 'start' });
    const receipt = { id: 'crime', sha256, received_at: '2026-03-03T16:15:00Z' };
    await store.applyEvent('crime', { type: 'receipt', receipt });
    await store.forgetReceived(2);
    expect(await keyOf()).toBeUndefined();
    expect(await store.getSealedBytes('crime')).toBeNull();
    await store.discardDraft('photo');
    expect((await copyDatabase(at)).text).not.toContain('capture:');
  });
});

describe('a locked store', () => {
  it('opens with the PIN alone, and everything is there', async () => {
    const at = name();
    const store = await filledStore(at);
    const { deviceId } = store;
    await lockStore(store);
    store.close();
    await expect(Store.open(at)).rejects.toBeInstanceOf(StoreLocked);
    await expect(openWith(at, '73915047')).rejects.toBeInstanceOf(StoreLocked);
    const again = await openWith(at, PIN);
    expect(await readAll(again)).toEqual(ALL);
    expect(again.deviceId).toBe(deviceId);
    await again.saveDraft(draft('later', 'typed after'));
    expect(await again.listDrafts('ada')).toHaveLength(2);
  });

  it('keeps the key that the server knows this phone by', async () => {
    const at = name();
    const store = await filledStore(at);
    const publicKey = async (from: Store): Promise<string> =>
      JSON.stringify(await crypto.subtle.exportKey('jwk', from.deviceKeys.publicKey));
    const before = await publicKey(store);
    await lockStore(store);
    store.close();
    const again = await openWith(at, PIN);
    expect(await publicKey(again)).toBe(before);
    const exporting = crypto.subtle.exportKey('jwk', again.deviceKeys.privateKey);
    await expect(exporting).rejects.toThrow();
  });

  it('goes on with encrypting where it was stopped in between', async () => {
    const at = name();
    const store = await filledStore(at);
    const { lock, key } = await makeLock({ pin: PIN }, QUICK);
    await store.setLock(lock, key);
    // What is typed now is under the new key, and the rest is still under the old one.
    await store.saveDraft(draft('meanwhile', 'typed meanwhile'));
    store.close();
    const again = await openWith(at, PIN);
    expect(again.isLockUnfinished).toBe(true);
    await again.finishLock();
    expect(decrypting(await copyDatabase(at))).toEqual([]);
    again.close();
    const last = await openWith(at, PIN);
    expect(last.isLockUnfinished).toBe(false);
    expect((await last.listDrafts('ada')).map(({ form }) => form)).toContainEqual({
      summary: 'typed meanwhile',
    });
    expect((await readAll(last))[0]).toBe('Joseph Adeyemi');
  });

  it('takes over what an earlier version of the app wrote under its one key', async () => {
    const at = name();
    const first = await Store.open(at);
    first.close();
    const db = await openDB(at);
    const main = (await db.get('keys', 'main')) as CryptoKey;
    await db.delete('keys', 'device-key');
    const [iv, form] = [new Uint8Array(12), new TextEncoder().encode('{"summary":"of old"}')];
    const additionalData = new TextEncoder().encode('draft:old');
    const data = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData }, main, form);
    await db.put('drafts', { ...draft('old', ''), form: undefined, encrypted: { iv, data } });
    db.close();
    const store = await Store.open(at);
    const forms = async (of: Store): Promise<unknown[]> =>
      (await of.listDrafts('ada')).map((row) => row.form);
    expect(await forms(store)).toEqual([{ summary: 'of old' }]);
    await lockStore(store);
    expect(await forms(store)).toEqual([{ summary: 'of old' }]);
    // Its signing key can't be read, so it can't be encrypted: the phone stays enrolled.
    expect((await copyDatabase(at)).keys.map((key) => key.usages[0])).toContain('sign');
  });

  it('comes back where the database was deleted under an open page', async () => {
    const at = name();
    const store = await filledStore(at);
    await lockStore(store);
    const { db } = store as unknown as { db: { close(): void } };
    db.close();
    await new Promise((resolve) => {
      indexedDB.deleteDatabase(at).onsuccess = resolve;
    });
    expect(await store.reconnect()).toBe(true);
    await store.saveDraft(draft('a', 'typed after'));
    store.close();
    const again = await openWith(at, PIN);
    expect((await again.listDrafts('ada'))[0]?.form).toEqual({ summary: 'typed after' });
    expect(decrypting(await copyDatabase(at))).toEqual([]);
  });
});

describe('a phone with locked stores', () => {
  it('finds the store that a PIN opens, and keeps the others', async () => {
    const at = name();
    await lockStore(await filledStore(at), PIN);
    const second = await addVault(at);
    await lockStore(await Store.open(second), '60284917');
    const opened: string[] = [];
    const open = (store: string): Promise<void> => {
      opened.push(store);
      return Promise.resolve();
    };
    const phone = new LockedPhone(await listVaults(at), open);
    expect([phone.hasPin, phone.hasPasskey, phone.unsentCount]).toEqual([true, false, 2]);
    expect(await phone.unlockWithPin('60284917')).toBeNull();
    expect(await phone.unlockWithPin(PIN)).toBeNull();
    expect(await phone.unlockWithPin('11111111')).toMatch('That isn’t the PIN');
    await phone.startAgain();
    expect(opened.slice(0, 2)).toEqual([second, at]);
    expect([at, second]).not.toContain(opened[2]);
    expect((await listVaults(at)).map((vault) => vault.name)).toEqual([at, second, opened[2]]);
  });

  it('makes somebody who guesses wait, also after the app was closed', async () => {
    const at = name();
    await lockStore(await filledStore(at));
    let now = 1_000_000;
    const phone = async (): Promise<LockedPhone> =>
      new LockedPhone(
        await listVaults(at),
        () => Promise.resolve(),
        () => now,
      );
    for (let guess = 0; guess < 4; guess++)
      expect(await (await phone()).unlockWithPin('00000000')).toMatch(/Try again$/);
    expect(await (await phone()).unlockWithPin('00000000')).toMatch('in 1 minute');
    expect(await (await phone()).unlockWithPin(PIN)).toMatch('Too many wrong PINs');
    now -= 900_000;
    expect(await (await phone()).unlockWithPin(PIN)).toMatch('Too many wrong PINs');
    now += 960_001;
    expect(await (await phone()).unlockWithPin(PIN)).toBeNull();
    expect(await (await phone()).unlockWithPin('00000000')).toMatch(/Try again$/);
  });
  it('gives an officer who shares the phone no more guesses at another’s PIN', async () => {
    const at = name();
    await lockStore(await filledStore(at));
    const second = await addVault(at);
    await lockStore(await Store.open(second), '60284917');
    const open = (): Promise<void> => Promise.resolve();
    const phone = new LockedPhone(await listVaults(at), open, () => 1_000_000);
    for (let guess = 0; guess < 4; guess++) await phone.unlockWithPin('00000000');
    expect(await phone.unlockWithPin('60284917')).toBeNull();
    expect(await phone.unlockWithPin('00000000')).toMatch('That isn’t the PIN');
    expect(await phone.unlockWithPin(PIN)).toMatch('too many wrong PINs were tried on it');
  });
});

describe('locking an open app', () => {
  const opened = async (at: string, flush: () => Promise<void>) => {
    const store = await Store.open(at);
    const reloads: string[] = [];
    const lock = new AppLock(store, flush, () => reloads.push('reload'));
    return { store, lock, reloads };
  };

  it('saves what was typed first, and stays open where that fails', async () => {
    const at = name();
    const saved: string[] = [];
    const { lock, reloads } = await opened(at, () => {
      saved.push(`saved before ${String(reloads.length)}`);
      return Promise.resolve();
    });
    await lock.lockNow();
    expect([saved, reloads]).toEqual([['saved before 0'], ['reload']]);
    const full = await opened(at, () => Promise.reject(new Error('This phone’s storage is full')));
    await expect(full.lock.lockNow()).rejects.toThrow('full');
    expect(full.reloads).toEqual([]);
  });

  it('locks the other tabs of the same store', async () => {
    const at = name();
    const saved = (): Promise<void> => Promise.resolve();
    const [first, second, other] = [
      await opened(at, saved),
      await opened(at, saved),
      await opened(name(), saved),
    ];
    const locked: string[] = [];
    second.store.tabs.on('lock', () => locked.push('second'));
    other.store.tabs.on('lock', () => locked.push('other'));
    await first.lock.lockNow();
    await vi.waitFor(() => {
      expect(locked).toEqual(['second']);
    });
  });

  it('encrypts everything when the officer sets a PIN', async () => {
    const at = name();
    const store = await filledStore(at);
    let flushes = 0;
    const flush = (): Promise<void> => {
      flushes += 1;
      return Promise.resolve();
    };
    await new AppLock(store, flush, () => undefined).setPin(PIN);
    expect([flushes, store.hasLock, store.isLockUnfinished]).toEqual([1, true, false]);
    expect(decrypting(await copyDatabase(at))).toEqual([]);
    store.close();
    expect(await readAll(await openWith(at, PIN))).toEqual(ALL);
  });
});

describe('a lock', () => {
  it('opens with its own secret alone', async () => {
    const secret = { prf: crypto.getRandomValues(new Uint8Array(32)).buffer };
    const { lock } = await makeLock(secret, { credentialId: new ArrayBuffer(4) });
    expect(await openLock(lock, secret)).not.toBeNull();
    expect(await openLock(lock, { prf: new ArrayBuffer(32) })).toBeNull();
    expect(await openLock(lock, { pin: PIN })).toBeNull();
  });
});
