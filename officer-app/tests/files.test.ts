/** Files in parts: hashed, encrypted and read without ever being whole in memory. */
import { describe, expect, it } from 'vitest';
import { sha256Hex } from '../src/capture/hash';
import { saveFile } from '../src/save-file';
import { PART_BYTES } from '../src/store/files';
import { Store } from '../src/store/store';

let made = 0;
const open = (): Promise<Store> => Store.open(`files-${String(++made)}`);
const bytesOf = (size: number): Uint8Array<ArrayBuffer> =>
  Uint8Array.from({ length: size }, (_, i) => (i * 13 + (i >> 9)) & 255);

async function save(store: Store, id: string, bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return saveFile(store.files, id, new Blob([bytes]), async (sha256) => {
    const draft = { id, kind: 'item' as const, crimeId: 'c', officerId: 'ada', changedAt: 1 };
    await store.saveDraft({ ...draft, form: {} });
    return sha256;
  });
}

describe('a file', () => {
  it.each([1, PART_BYTES - 1, PART_BYTES, PART_BYTES + 1, 3 * PART_BYTES + 77])(
    'test_it_works: %i bytes come back as they were, with their hash',
    async (size) => {
      const store = await open();
      const bytes = bytesOf(size);
      expect(await save(store, 'film', bytes)).toBe(await sha256Hex(bytes));
      expect(await store.files.size('film')).toBe(size);
      const blob = await store.files.blob('film', 'video/mp4');
      expect(await sha256Hex((await blob?.arrayBuffer()) ?? new ArrayBuffer())).toBe(
        await sha256Hex(bytes),
      );
      store.close();
    },
  );

  it('is read from any place, over the ends of its parts', async () => {
    const store = await open();
    const bytes = bytesOf(2 * PART_BYTES + 500);
    await save(store, 'film', bytes);
    for (const [offset, length] of [
      [0, 10],
      [PART_BYTES - 5, 10],
      [PART_BYTES - 5, PART_BYTES + 10],
      [2 * PART_BYTES, 500],
    ] as const) {
      const read = Buffer.from(await store.files.read('film', offset, length));
      expect(read.equals(bytes.slice(offset, offset + length))).toBe(true);
    }
    await expect(store.files.read('film', bytes.byteLength, 1)).rejects.toThrow(RangeError);
    store.close();
  });

  it('leaves nothing behind when the app was closed while it was saved', async () => {
    const store = await open();
    await store.files.savePart('half', 0, bytesOf(10).buffer);
    await save(store, 'film', bytesOf(10));
    expect(await store.files.size('half')).toBeNull();
    expect(await store.files.size('film')).toBe(10);
    await store.discardDraft('film');
    expect(await store.files.size('film')).toBeNull();
    store.close();
  });

  it('is read as an earlier version of the app saved it', async () => {
    const store = await open();
    const bytes = bytesOf(PART_BYTES + 9);
    const draft = { id: 'old', kind: 'item' as const, crimeId: 'c', officerId: 'ada' };
    await store.saveDraft({ ...draft, changedAt: 1, form: {} }, bytes.buffer);
    expect(await store.files.size('old')).toBe(bytes.byteLength);
    expect(await store.files.read('old', PART_BYTES - 1, 10)).toEqual(bytes.slice(PART_BYTES - 1));
    store.close();
  });
});
