import 'fake-indexeddb/auto';
import * as fc from 'fast-check';
import { openDB } from 'idb';
import { describe, expect, it } from 'vitest';
import { NoNumberLeft, Store } from '../src/store/store';

import { lease, give } from './store-crimes';

let made = 0;
const name = (): string => `test-${String(++made)}`;
describe('crime numbers', () => {
  it('test_it_works: a number is spent with the capture that carries it', async () => {
    const store = await Store.open(name());
    await store.saveLeases('ada', [lease('l1', 26, 123, 2)]);
    const card = await give(store, 'crime-1');
    expect(card.number).toBe('01/0000123/26');
    expect((await store.unusedNumbers('ada', 26)).map((row) => row.number)).toEqual([
      '01/0000124/26',
    ]);
    expect(
      new TextDecoder().decode((await store.getSealedBytes('crime-1')) ?? new Uint8Array()),
    ).toContain('01/0000123/26');
  });

  it('is never given twice: two tabs, doubled clicks, and the same leases fetched again meanwhile', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 14 }),
        fc.array(fc.nat(2), { minLength: 4, maxLength: 20 }),
        async (size, wanted, turns) => {
          const shared = name();
          const tabs = await Promise.all([Store.open(shared), Store.open(shared)]);
          const leases = [lease('l1', 26, 1, size)];
          await tabs[0].saveLeases('ada', leases);
          const work = Array.from({ length: wanted }, (_, i) => {
            const tab = tabs[(turns[i % turns.length] ?? 0) % 2] ?? tabs[0];
            const id = `crime-${String(i)}`;
            const clicks =
              turns[(i + 1) % turns.length] === 2
                ? [give(tab, id), give(tab, id)]
                : [give(tab, id)];
            return Promise.allSettled([...clicks, tab.saveLeases('ada', leases)]).then((results) =>
              results.flatMap((r) =>
                r.status === 'fulfilled' && r.value !== undefined
                  ? [[id, r.value.number] as const]
                  : [],
              ),
            );
          });
          const given = (await Promise.all(work)).flat();
          const crimeOf = new Map<string, string>();
          for (const [id, number] of given) {
            expect(crimeOf.get(number) ?? id).toBe(id);
            crimeOf.set(number, id);
          }
          expect(crimeOf.size).toBe(Math.min(size, wanted));
          expect((await tabs[0].unusedNumbers('ada', 26)).length).toBe(size - crimeOf.size);
          for (const tab of tabs) tab.close();
        },
      ),
      { numRuns: 20 },
    );
  });

  it('stays spent when a list fetched late still offers it', async () => {
    const store = await Store.open(name());
    const leases = [lease('l1', 26, 1, 2)];
    await store.saveLeases('ada', leases);
    expect((await give(store, 'a')).number).toBe('01/0000001/26');
    await store.saveLeases('ada', leases);
    expect((await give(store, 'b')).number).toBe('01/0000002/26');
    await store.saveLeases('ada', []);
    await store.saveLeases('ada', leases);
    await expect(give(store, 'c')).rejects.toBeInstanceOf(NoNumberLeft);
  });

  it('keeps a crime without a number where none is left and it may wait, once, and never spends one on it later', async () => {
    const store = await Store.open(name());
    await store.saveLeases('ada', [lease('l1', 26, 1, 1)]);
    expect((await give(store, 'a', 26, true)).number).toBe('01/0000001/26');
    const before = await Promise.all([give(store, 'b', 26, true), give(store, 'b', 26, true)]);
    expect(before.map((card) => card.number)).toEqual(['', '']);
    await store.saveLeases('ada', [lease('l2', 26, 2, 1)]);
    expect((await give(store, 'b', 26, true)).number).toBe('');
    expect((await store.unusedNumbers('ada', 26)).length).toBe(1);
    await store.updateCard('b', (card) => ({
      ...card,
      number: '01/0000009/26',
      mustTellVictim: true,
    }));
    expect(await store.getCard('b')).toMatchObject({
      number: '01/0000009/26',
      mustTellVictim: true,
    });
    await store.updateCard('nobody', (card) => card);
    expect(await store.getCard('nobody')).toBe(null);
  });

  it('takes this year’s first, else any that is left, else says so and keeps the draft', async () => {
    const store = await Store.open(name());
    await store.saveDraft({
      id: 'c',
      kind: 'crime',
      crimeId: 'c',
      officerId: 'ada',
      changedAt: 1,
      form: { summary: 'words' },
    });
    await store.saveLeases('ada', [lease('old', 26, 900, 1), lease('new', 27, 1, 1)]);
    expect((await give(store, 'a', 27)).number).toBe('01/0000001/27');
    expect((await give(store, 'b', 27)).number).toBe('01/0000900/26');
    await expect(give(store, 'c', 27)).rejects.toBeInstanceOf(NoNumberLeft);
    expect(await store.listDrafts('ada')).toMatchObject([{ id: 'c', form: { summary: 'words' } }]);
  });

  it('does not give a number that the server took back, unless it is offered again', async () => {
    const store = await Store.open(name());
    await store.saveLeases('ada', [lease('l1', 26, 1, 2)]);
    await store.saveLeases('ada', [lease('l2', 26, 50, 1)]);
    expect((await store.unusedNumbers('ada', 26)).map((r) => r.number)).toEqual(['01/0000050/26']);
    await store.saveLeases('ada', [lease('l1', 26, 1, 2), lease('l2', 26, 50, 1)]);
    expect(await store.unusedNumbers('ada', 26)).toHaveLength(3);
  });
});

describe('the store on the phone', () => {
  it('brings a draft back after a crash, and drops it once sealed', async () => {
    const shared = name();
    const first = await Store.open(shared);
    await first.saveLeases('ada', [lease('l1', 26, 1, 1)]);
    await first.saveDraft({
      id: 'c',
      kind: 'crime',
      crimeId: 'c',
      officerId: 'ada',
      changedAt: 1,
      form: { summary: 'half a sent' },
    });
    first.close();
    const second = await Store.open(shared);
    expect(await second.listDrafts('ada')).toMatchObject([{ form: { summary: 'half a sent' } }]);
    expect(await second.listDrafts('bilal')).toEqual([]);
    await give(second, 'c');
    await second.saveDraft({
      id: 'c',
      kind: 'crime',
      crimeId: 'c',
      officerId: 'ada',
      changedAt: 2,
      form: { summary: 'a late keystroke' },
    });
    expect(await second.listDrafts('ada')).toEqual([]);
  });

  it('holds no words, names or pictures that can be read in the database', async () => {
    const shared = name();
    const store = await Store.open(shared);
    await store.saveLeases('ada', [lease('l1', 26, 1, 1)]);
    await store.setCached('me', { name: 'Ada Okafor' });
    await store.saveDraft(
      {
        id: 'd',
        kind: 'item',
        crimeId: 'c',
        officerId: 'ada',
        changedAt: 1,
        form: { description: 'Scratch' },
      },
      new TextEncoder().encode('JPEG of a door').buffer,
    );
    await give(store, 'c');
    const raw = await openDB(shared);
    let seen = '';
    for (const table of raw.objectStoreNames) {
      if (table === 'keys') continue;
      const rows = (await raw.getAll(table)) as unknown[];
      const latin = new TextDecoder('latin1');
      seen += JSON.stringify(rows, (_, value: unknown) =>
        value instanceof ArrayBuffer || ArrayBuffer.isView(value) ? latin.decode(value) : value,
      );
    }
    for (const secret of ['Adeyemi', 'Okafor', 'Scratch', 'JPEG of'])
      expect(seen).not.toContain(secret);
    const key = (await raw.get('keys', 'main')) as CryptoKey;
    expect(key.extractable).toBe(false);
    await expect(crypto.subtle.exportKey('raw', key)).rejects.toThrow();
    expect(new TextDecoder().decode((await store.getFile('d')) ?? undefined)).toBe(
      'JPEG of a door',
    );
  });

  it('forgets contents only after the receipt, and keeps the line for a week', async () => {
    const store = await Store.open(name());
    await store.saveLeases('ada', [lease('l1', 26, 1, 1)]);
    await give(store, 'c');
    await store.forgetReceived(1);
    expect(await store.getSealedBytes('c')).not.toBeNull();
    const [entry] = await store.listEntries();
    await store.applyEvent('c', {
      type: 'receipt',
      receipt: { id: 'c', sha256: entry?.sha256 ?? '', received_at: 'now' },
    });
    expect(await store.getSealedBytes('c')).not.toBeNull();
    await store.forgetReceived(1);
    expect(await store.getSealedBytes('c')).toBeNull();
    expect(await store.listEntries()).toHaveLength(1);
    await store.forgetReceived(8 * 86_400_000);
    expect(await store.listEntries()).toEqual([]);
    expect(await store.unusedNumbers('ada', 26)).toEqual([]);
  });

  it('is one device, with one key, for two tabs that open at once', async () => {
    const shared = name();
    const [a, b] = await Promise.all([Store.open(shared), Store.open(shared)]);
    expect(a.deviceId).toBe(b.deviceId);
    await a.setCached('me', { name: 'Ada' });
    expect(await b.getCached('me')).toEqual({ name: 'Ada' });
  });
});

describe('what the server would not take', () => {
  const draft = (id: string, words: string) => ({
    id,
    kind: 'crime' as const,
    crimeId: id,
    officerId: 'ada',
    changedAt: 1,
    form: { words },
  });

  it('is a draft again with all its words, and keeps the number that the victim was given', async () => {
    const store = await Store.open(name());
    await store.saveLeases('ada', [lease('l1', 26, 1, 3)]);
    await store.saveDraft(draft('c1', 'as typed'));
    const before = await give(store, 'c1');
    expect(await store.listDrafts('ada')).toEqual([]);
    expect(await store.reopen('c1', 2)).toBe(false);
    await store.applyEvent('c1', {
      type: 'block',
      at: 1,
      kind: 'refused',
      reason: 'Choose an offence from the list.',
      isRefused: true,
    });
    expect(await store.reopen('c1', 2)).toBe(true);
    expect(await store.reopen('c1', 3)).toBe(false);
    expect((await store.listDrafts('ada')).map((each) => each.form)).toEqual([
      { words: 'as typed' },
    ]);
    expect(await store.listEntries()).toEqual([]);
    await store.saveLeases('ada', [lease('l1', 26, 1, 3)]);
    const other = await give(store, 'c2');
    const again = await give(store, 'c1');
    expect([again.number, other.number]).toEqual([before.number, '01/0000002/26']);
    expect((await store.unusedNumbers('ada', 26)).length).toBe(1);
  });

  it('stays as it is where the server may hold it: other bytes under the id, or a receipt', async () => {
    const store = await Store.open(name());
    await store.saveLeases('ada', [lease('l1', 26, 1, 2)]);
    for (const id of ['clash', 'half']) {
      await store.saveDraft(draft(id, id));
      await give(store, id);
    }
    await store.applyEvent('clash', {
      type: 'block',
      at: 1,
      kind: 'refused',
      reason: 'Different.',
      isRefused: false,
    });
    await store.applyEvent('half', {
      type: 'receipt',
      receipt: { id: 'half', sha256: 'other', received_at: '' },
    });
    expect([await store.reopen('clash', 2), await store.reopen('half', 2)]).toEqual([false, false]);
    expect((await store.listEntries()).map((entry) => entry.state)).toEqual(['blocked', 'blocked']);
    expect(await store.getSealedBytes('clash')).not.toBe(null);
  });
});
