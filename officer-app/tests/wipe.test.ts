/** The desk's order to wipe this phone, and what the phone tells the desk of itself. */
import 'fake-indexeddb/auto';
import { openDB } from 'idb';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { draftEntry, type Entry } from '../src/outbox/outbox';
import { makeLock } from '../src/store/lock';
import { Store } from '../src/store/store';
import { addVault, listVaults } from '../src/store/vaults';
import { readWipeMark, saveWipeMark, type WipeAnswer } from '../src/store/wipe';
import { makeReport, reportDevice, type DeviceReport } from '../src/sync/device-report';
import { NoSignal } from '../src/sync/errors';
import { finishWipe, obeyWhileLocked, obeyWipeOrder } from '../src/sync/wipe-order';

let made = 0;
const name = (): string => `wipe-${String(++made)}`;

class FakeApi {
  order = 'nonce-1';
  heard: 'wiped' | 'taken-back' | 'no-signal' = 'wiped';
  told: WipeAnswer[] = [];
  asked: string[] = [];
  reports: DeviceReport[] = [];
  signedOut = 0;
  getWipeOrder(deviceId: string, officerId: string): Promise<string> {
    this.asked.push(`${deviceId} ${officerId}`);
    return Promise.resolve(this.order);
  }
  signWipe({ nonce, unsent }: { nonce: string; unsent: number }): Promise<WipeAnswer> {
    return Promise.resolve({ path: 'p', body: { nonce, signature: 's', unsent } });
  }
  sendWiped(answer: WipeAnswer): Promise<'wiped' | 'taken-back'> {
    this.told.push(answer);
    return this.heard === 'no-signal'
      ? Promise.reject(new NoSignal())
      : Promise.resolve(this.heard);
  }
  signOut(): Promise<void> {
    this.signedOut += 1;
    return Promise.resolve();
  }
  sendReport(_id: string, report: DeviceReport): Promise<void> {
    this.reports.push(report);
    return Promise.resolve();
  }
}

const draft = (id: string) =>
  ({
    id,
    kind: 'crime',
    crimeId: id,
    officerId: 'ada',
    changedAt: 1,
    form: { a: 'words' },
  }) as const;

async function filledStore(at: string): Promise<Store> {
  const store = await Store.open(at);
  await store.saveDraft(draft('d1'));
  await store.setCached('me', { id: 'ada' });
  await store.phone.saveIdentity(store.deviceId, 'ada');
  return store;
}

async function rowsIn(at: string): Promise<number> {
  const databases = await indexedDB.databases();
  if (!databases.some((database) => database.name === at)) return 0;
  const db = await openDB(at);
  let count = 0;
  for (const table of db.objectStoreNames) count += await db.count(table);
  db.close();
  return count;
}

beforeEach(() => {
  const kept = new Map<string, string>();
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
    clear: () => {
      kept.clear();
    },
  });
});

describe('a wipe that the desk ordered', () => {
  it('test_it_works: the server hears it, then the store and its keys are gone', async () => {
    const at = name();
    const store = await filledStore(at);
    const api = new FakeApi();
    expect(await rowsIn(at)).toBeGreaterThan(0);
    expect(await obeyWipeOrder(store, api, 'ada', at)).toBe(true);
    expect(api.told.map(({ body }) => body)).toEqual([
      { nonce: 'nonce-1', signature: 's', unsent: 1 },
    ]);
    expect(await rowsIn(at)).toBe(0);
    expect(api.signedOut).toBe(1);
    expect(readWipeMark()?.state).toBe('done');
    // Somebody sets it up again: it is another phone, whose id no old order names.
    const again = await Store.open(at);
    expect(again.deviceId).not.toBe(store.deviceId);
  });

  it('was taken back in time: nothing is deleted, and the app goes on', async () => {
    const at = name();
    const store = await filledStore(at);
    const api = new FakeApi();
    api.heard = 'taken-back';
    expect(await obeyWipeOrder(store, api, 'ada', at)).toBe(false);
    expect(readWipeMark()).toBeNull();
    expect((await store.getDraft('d1'))?.form).toEqual({ a: 'words' });
  });

  it('is not carried out before the server has heard it, and goes on then', async () => {
    const at = name();
    const store = await filledStore(at);
    const api = new FakeApi();
    api.heard = 'no-signal';
    expect(await obeyWipeOrder(store, api, 'ada', at)).toBe(false);
    expect((await store.getDraft('d1'))?.form).toEqual({ a: 'words' });
    store.close();
    // The server had heard it after all, so it names no order any more; the phone says it again.
    api.heard = 'wiped';
    expect(await finishWipe(api, at)).toBe(true);
    expect(api.told[1]).toEqual(api.told[0]);
    expect(await rowsIn(at)).toBe(0);
  });

  it('goes on where a crash broke it off', async () => {
    const at = name();
    (await filledStore(at)).close();
    saveWipeMark({ store: at, state: 'ordered' });
    expect(await finishWipe(new FakeApi(), at)).toBe(true);
    expect(await rowsIn(at)).toBe(0);
  });

  it('lets no open tab put anything back', async () => {
    const at = name();
    const store = await filledStore(at);
    const otherTab = await Store.open(at);
    await obeyWipeOrder(store, new FakeApi(), 'ada', at);
    expect(await otherTab.reconnect()).toBe(false);
    expect(await rowsIn(at)).toBe(0);
  });

  it('leaves a colleague’s store on the phone', async () => {
    const at = name();
    const store = await filledStore(at);
    const second = await addVault(at);
    const theirs = await filledStore(second);
    theirs.close();
    await obeyWipeOrder(store, new FakeApi(), 'ada', at);
    const left = await listVaults(at);
    expect(left.map((vault) => [vault.name, vault.unsentCount])).toEqual([
      [at, 0],
      [second, 1],
    ]);
  });

  async function lockedStore(at: string): Promise<Store> {
    const store = await filledStore(at);
    await reportDevice(store, new FakeApi(), 'ada', 'app/1');
    const { lock, key } = await makeLock({ pin: '73915046' }, { iterations: 1000 });
    await store.setLock(lock, key);
    await store.finishLock();
    store.close();
    return store;
  }

  it('is confirmed by a locked phone, with the key that it told the server for that alone', async () => {
    const at = name();
    await lockedStore(at);
    const [vault] = await listVaults(at);
    const { publicKey, privateKey } = vault?.wipeKeys ?? {};
    const verify = vi.spyOn(crypto.subtle, 'sign');
    const api = new FakeApi();
    expect(await obeyWhileLocked(await listVaults(at), api, at)).toBe(true);
    expect(api.told.map(({ body }) => [body.nonce, body.unsent])).toEqual([['nonce-1', 1]]);
    const [algorithm, , text] = verify.mock.calls.at(-1) ?? [];
    const signature = Uint8Array.from(atob(api.told[0]?.body.signature ?? ''), (c) =>
      c.charCodeAt(0),
    );
    expect(
      await crypto.subtle.verify(
        algorithm as EcdsaParams,
        publicKey as CryptoKey,
        signature,
        text as BufferSource,
      ),
    ).toBe(true);
    expect(privateKey?.extractable).toBe(false);
    expect([await rowsIn(at), api.signedOut, readWipeMark()?.state]).toEqual([0, 1, 'done']);
  });

  it('stays where it is on a locked phone whose order was taken back, or that nobody hears', async () => {
    const at = name();
    await lockedStore(at);
    const api = new FakeApi();
    api.heard = 'no-signal';
    expect(await obeyWhileLocked(await listVaults(at), api, at)).toBe(false);
    api.heard = 'taken-back';
    vi.spyOn(api, 'getWipeOrder').mockResolvedValueOnce('nonce-1').mockResolvedValueOnce('');
    expect(await obeyWhileLocked(await listVaults(at), api, at)).toBe(false);
    expect(readWipeMark()).toBeNull();
    expect(await rowsIn(at)).toBeGreaterThan(0);
    // The server does not know the key any more, and its order stands.
    expect(await obeyWhileLocked(await listVaults(at), api, at)).toBe(true);
    expect(await rowsIn(at)).toBe(0);
  });

  it('reaches a locked phone that has told no key, which asks with its own id', async () => {
    const at = name();
    const store = await filledStore(at);
    const { lock, key } = await makeLock({ pin: '73915046' }, { iterations: 1000 });
    await store.setLock(lock, key);
    await store.finishLock();
    store.close();
    const api = new FakeApi();
    api.order = '';
    expect(await obeyWhileLocked(await listVaults(at), api, at)).toBe(false);
    expect(await rowsIn(at)).toBeGreaterThan(0);
    api.order = 'nonce-1';
    expect(await obeyWhileLocked(await listVaults(at), api, at)).toBe(true);
    expect(api.asked).toEqual(Array(2).fill(`${store.deviceId} ada`));
    expect(await rowsIn(at)).toBe(0);
  });
});

describe('what a phone says of itself', () => {
  const entry = (id: string, changes: Partial<Entry> = {}): Entry => ({
    ...draftEntry({ id, kind: 'crime', crimeId: id, officerId: 'ada' }),
    state: 'sealed',
    sealedAt: 1_000_000,
    ...changes,
  });

  it('counts what waits, oldest first, by the corrected clock', () => {
    const report = makeReport({
      entries: [
        entry('late', { sealedAt: 3_000_000, state: 'blocked', problem: 'Why not.' }),
        entry('early', { sealedAt: 2_000_000, kind: 'item', size: 900, sentBytes: 300 }),
        entry('gone', { state: 'received' }),
      ],
      drafts: 2,
      unreadable: 1,
      isTooNew: false,
      app: 'app/1',
      wipeKey: 'w',
      at: 5_000_000,
      offByMs: 60_000,
    });
    expect(report).toMatchObject({
      device_time: new Date(5_000_000).toISOString(),
      drafts: 2,
      unreadable: 1,
      store_trouble: '',
      waiting_count: 2,
      refused_count: 1,
      waiting_bytes: 600,
      oldest_since: new Date(1_940_000).toISOString(),
    });
    expect(report.waiting.map(({ id, state, reason }) => [id, state, reason])).toEqual([
      ['early', 'waiting', ''],
      ['late', 'blocked', 'Why not.'],
    ]);
  });

  it('is small, however much waits', () => {
    const report = makeReport({
      entries: Array.from({ length: 500 }, (_, i) =>
        entry(`e${String(i)}`, { problem: 'x'.repeat(900) }),
      ),
      drafts: 0,
      unreadable: 0,
      isTooNew: false,
      app: 'a',
      wipeKey: 'w',
      at: 1,
      offByMs: 0,
    });
    expect([report.waiting_count, report.waiting.length]).toEqual([500, 50]);
    expect(JSON.stringify(report).length).toBeLessThan(30_000);
  });

  it('is sent when it changed, at most every two minutes, and else every six hours', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: 10_000_000_000 });
    const store = await Store.open(name());
    const api = new FakeApi();
    const report = async (afterMs: number): Promise<number> => {
      vi.setSystemTime(Date.now() + afterMs);
      await reportDevice(store, api, 'ada', 'app/1');
      return api.reports.length;
    };
    expect([await report(0), await report(600_000)]).toEqual([1, 1]);
    await store.saveDraft(draft('d1'));
    expect([await report(1000), await report(1000)]).toEqual([2, 2]);
    await store.saveDraft(draft('d2'));
    expect([await report(60_000), await report(61_000)]).toEqual([2, 3]);
    expect(await report(6 * 3_600_000)).toBe(4);
    expect(JSON.stringify(api.reports)).not.toContain('words');
    vi.useRealTimers();
  });
});
