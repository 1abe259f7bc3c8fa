/** Exhibit references on the phone: each is given once, whatever becomes of the item. */
import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';
import { itemBody, type ItemForm } from '../src/capture/item';
import { Store } from '../src/store/store';
import { toSealNumber } from '../src/ui/seal-scanner';
import { lease } from './store-crimes';

let made = 0;
const open = (): Promise<Store> => Store.open(`exhibits-${String(++made)}`);
const REFERENCES = ['AB/101', 'AB/102', 'AB/103'];

describe('exhibit references', () => {
  it('test_it_works: each item has one of its own, and the same when it asks again', async () => {
    const { exhibits, close } = await openWith(REFERENCES);
    expect(await exhibits.take('ada', 'knife')).toBe('AB/101');
    expect(await exhibits.take('ada', 'glove')).toBe('AB/102');
    expect(await exhibits.take('ada', 'knife')).toBe('AB/101');
    expect(await exhibits.count('ada')).toEqual({ left: 1, usedUpTo: 102 });
    close();
  });

  it('are never given twice, whoever asks at the same moment', async () => {
    const { exhibits, close } = await openWith(REFERENCES);
    const given = await Promise.all(['a', 'b', 'c', 'd'].map((id) => exhibits.take('ada', id)));
    expect([...given].sort()).toEqual([...REFERENCES, null]);
    close();
  });

  it('stay used when the server names them again, and are another officer’s for nobody', async () => {
    const { exhibits, close } = await openWith(REFERENCES);
    await exhibits.take('ada', 'knife');
    await exhibits.save('ada', REFERENCES);
    expect(await exhibits.take('ada', 'glove')).toBe('AB/102');
    expect(await exhibits.take('bilal', 'phone')).toBeNull();
    close();
  });

  it('are in the order of their numbers, also past 999', async () => {
    const { exhibits, close } = await openWith(['AB/1000', 'AB/999']);
    expect(await exhibits.take('ada', 'knife')).toBe('AB/999');
    close();
  });

  it('are no crime numbers, and new leases of those leave them as they are', async () => {
    const store = await open();
    await store.exhibits.save('ada', REFERENCES);
    await store.saveLeases('ada', [lease('l', 26, 1, 1)]);
    expect((await store.unusedNumbers('ada', 26)).map(({ number }) => number)).toEqual([
      '01/0000001/26',
    ]);
    await store.saveLeases('ada', []);
    expect(await store.exhibits.count('ada')).toEqual({ left: 3, usedUpTo: 0 });
    store.close();
  });

  it('leave with their item and the seal of its bag', () => {
    const form: ItemForm = {
      crimeId: 'c',
      filename: 'a.jpg',
      mediaType: 'image/jpeg',
      size: 1,
      sha256: '',
      capturedAt: '2026-03-03T16:15:00+00:00',
      description: 'Knife',
      fix: {},
    };
    const body = (change: Partial<ItemForm>) => itemBody({ id: 'i', form: { ...form, ...change } });
    expect(body({ exhibitReference: 'AB/101', sealNumber: ' A123 ' })).toMatchObject({
      exhibit_reference: 'AB/101',
      seal_number: 'A123',
    });
    expect(Object.keys(body({ exhibitReference: '', sealNumber: 'A123' }))).not.toContain(
      'seal_number',
    );
  });

  it('take from a barcode only what can be a seal', () => {
    expect(toSealNumber(' A1234567\n')).toBe('A1234567');
    expect([toSealNumber('x'.repeat(41)), toSealNumber('\u0007'), toSealNumber('')]).toEqual([
      '',
      '',
      '',
    ]);
  });
});

async function openWith(references: readonly string[]) {
  const store = await open();
  await store.exhibits.save('ada', references);
  const close = (): void => {
    store.close();
  };
  return { exhibits: store.exhibits, close };
}
