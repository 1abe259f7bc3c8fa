/** What waits on a phone leaves it in a file, stays on it, and goes when the server has it. */
import 'fake-indexeddb/auto';
import { beforeEach, describe, expect, it } from 'vitest';
import { sha256Hex } from '../src/capture/hash';
import type { Kind, Sealed } from '../src/capture/capture';
import { PART_BYTES } from '../src/store/files';
import { Store } from '../src/store/store';
import { carryFile } from '../src/sync/carry';
import { DeviceSigner } from '../src/sync/device-signer';
import { NoSignal } from '../src/sync/errors';
import type { ArrivedCapture, CarriedFile } from '../src/sync/phone-file-api';
import { fetchReceipts } from '../src/sync/receipts';
import { keepPhoneFileKey, NoPhoneFileKey, SAVED_TO_FILE, saveQueue } from '../src/sync/save-queue';
import type { FileToSend } from '../src/sync/tus';
import { newForceKeys, readPhoneFile, type ForceKeys } from './phone-file-reader';

const NOW = 1_000_000;
let made = 0;
let store: Store;
let signer: DeviceSigner;
let keys: ForceKeys;

const noKey = (): Promise<null> => Promise.resolve(null);
const save = (fetchKey: Parameters<typeof saveQueue>[3] = noKey) =>
  saveQueue(store, signer, 'app/1', fetchKey);

beforeEach(async () => {
  store = await Store.open(`save-queue-${String((made += 1))}`);
  signer = new DeviceSigner(store.deviceId, store.deviceKeys);
  keys = await newForceKeys();
});

async function seal(
  id: string,
  {
    kind = 'crime',
    officerId = 'ada',
    file = null,
    at = 1,
  }: { kind?: Kind; officerId?: string; file?: Uint8Array<ArrayBuffer> | null; at?: number } = {},
): Promise<Sealed> {
  const bytes = new TextEncoder().encode(JSON.stringify({ id, kind, words: 'Kofi Asante' }));
  const sealed = { id, kind, bytes, sha256: await sha256Hex(bytes) };
  for (let part = 0; file !== null && part * PART_BYTES < file.length; part += 1)
    await store.files.savePart(
      id,
      part,
      file.slice(part * PART_BYTES, (part + 1) * PART_BYTES).buffer,
    );
  const fileSha256 = file === null ? null : await sha256Hex(file);
  await store.seal({ sealed, crimeId: 'c1', officerId, fileSha256, at });
  return sealed;
}

function film(size: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: size }, (_, i) => (i * 31) % 251);
}

describe('saving what waits to a file', () => {
  it('writes the captures as the phone would have sent them, crimes first, and keeps them', async () => {
    await keepPhoneFileKey(store, 'ada', keys.published);
    const photo = film(2 * PART_BYTES + 5);
    await seal('s1', { kind: 'statement', at: 1 });
    await seal('i1', { kind: 'item', at: 2, file: photo });
    const crime = await seal('c1', { at: 3 });
    const saved = await save();
    expect(saved).toMatchObject({ count: 3, leftOut: 0 });
    expect(saved?.name).toMatch(/^bluelamp-\d{4}-\d\d-\d\d-.{4}\.bluelamp$/);
    const read = await readPhoneFile(saved?.file ?? new Blob(), keys);
    expect(read.header).toMatchObject({ device_id: store.deviceId, force: '01' });
    expect(read.entries.map(({ id }) => id)).toEqual(['c1', 's1', 'i1']);
    expect(read.captures.get('c1')).toBe(new TextDecoder().decode(crime.bytes));
    expect(read.entries[0]?.sha256).toBe(crime.sha256);
    expect(Buffer.from(read.files.get('i1') ?? []).equals(Buffer.from(photo))).toBe(true);
    // Signed by this phone.
    const isSigned = await crypto.subtle.verify(
      { name: 'ECDSA', hash: 'SHA-256' },
      store.deviceKeys.publicKey,
      read.signature,
      new TextEncoder().encode(read.signedText),
    );
    expect(isSigned).toBe(true);
    // All of it is still here, and waits.
    expect((await store.listEntries()).map(({ state }) => state)).toEqual(Array(3).fill('sealed'));
    expect(await store.getSealedBytes('c1')).not.toBeNull();
    expect(await store.files.size('i1')).toBe(photo.length);
  });

  it('can be read by nobody without the force’s key', async () => {
    await keepPhoneFileKey(store, 'ada', keys.published);
    await seal('c1');
    const saved = await save();
    const file = saved?.file ?? new Blob();
    expect(await file.text()).not.toContain('Kofi');
    await expect(readPhoneFile(file, await newForceKeys())).rejects.toThrow();
  });

  it('takes what is held back too, with the reason, and nothing that was received', async () => {
    await keepPhoneFileKey(store, 'ada', keys.published);
    const received = await seal('c1');
    await seal('c2');
    const { sha256 } = received;
    await store.applyEvent('c1', {
      type: 'receipt',
      receipt: { id: 'c1', sha256, received_at: '2026-03-03T18:00:00Z' },
    });
    await store.applyEvent('c2', {
      type: 'block',
      reason: 'This number is another officer’s.',
      at: 1,
      isRefused: false,
      kind: 'refused',
    });
    const saved = await save();
    const { entries } = await readPhoneFile(saved?.file ?? new Blob(), keys);
    expect(entries).toMatchObject([{ id: 'c2', problem: 'This number is another officer’s.' }]);
  });

  it('does not send a photo again that the server has', async () => {
    await keepPhoneFileKey(store, 'ada', keys.published);
    await seal('i1', { kind: 'item', file: film(9) });
    const entry = await store.getEntry('i1');
    const receipt = { id: 'i1', sha256: entry?.fileSha256 ?? '', received_at: 'now' };
    await store.applyEvent('i1', { type: 'file-receipt', receipt });
    const saved = await save();
    const { entries } = await readPhoneFile(saved?.file ?? new Blob(), keys);
    expect(entries).toMatchObject([{ id: 'i1', file: null }]);
  });

  it('takes what a colleague recorded on this phone, and asks for their key', async () => {
    await keepPhoneFileKey(store, 'ada', keys.published);
    await seal('c1');
    await seal('c2', { officerId: 'bilal', at: 2 });
    const asked: string[] = [];
    const saved = await save((officerId) => {
      asked.push(officerId);
      return Promise.resolve(keys.published);
    });
    expect(asked).toEqual(['bilal']);
    const { entries } = await readPhoneFile(saved?.file ?? new Blob(), keys);
    expect(entries.map(({ officer_id }) => officer_id)).toEqual(['ada', 'bilal']);
  });

  it('leaves out what is another force’s, and says so', async () => {
    const essex = await newForceKeys('42', 'bbbbbbbbbbbbbbbb');
    await keepPhoneFileKey(store, 'ada', keys.published);
    await keepPhoneFileKey(store, 'femi', essex.published);
    await seal('c1');
    await seal('c2', { officerId: 'femi', at: 2 });
    const saved = await save();
    expect(saved).toMatchObject({ count: 1, leftOut: 1 });
    const { entries } = await readPhoneFile(saved?.file ?? new Blob(), keys);
    expect(entries.map(({ id }) => id)).toEqual(['c1']);
  });

  it('says that there is no key, and saves nothing unencrypted', async () => {
    await seal('c1');
    await expect(save()).rejects.toThrow(NoPhoneFileKey);
    expect(await store.getCached(SAVED_TO_FILE)).toBeNull();
  });

  it('has nothing to save where nothing waits', async () => {
    await keepPhoneFileKey(store, 'ada', keys.published);
    expect(await save()).toBeNull();
  });

  it('takes the newest key of the force', async () => {
    const next = await newForceKeys('01', 'cccccccccccccccc');
    await keepPhoneFileKey(store, 'ada', keys.published);
    await keepPhoneFileKey(store, 'ada', undefined);
    await keepPhoneFileKey(store, 'ada', next.published);
    await seal('c1');
    const saved = await save();
    expect((await readPhoneFile(saved?.file ?? new Blob(), next)).header.key_id).toBe(
      'cccccccccccccccc',
    );
  });
});

describe('what was brought in another way', () => {
  const arrived = (
    { id, sha256 }: { id: string; sha256: string },
    file: ArrivedCapture['file'] = null,
  ): ArrivedCapture => ({ id, sha256, received_at: '2026-03-03T18:00:00Z', number: '', file });

  class FakeApi {
    asked: string[][] = [];
    answer: ArrivedCapture[] | null = [];
    getReceipts(officerId: string, captures: readonly { id: string }[]): Promise<ArrivedCapture[]> {
      this.asked.push([officerId, ...captures.map(({ id }) => id)]);
      return this.answer === null ? Promise.reject(new NoSignal()) : Promise.resolve(this.answer);
    }
  }
  const states = async (): Promise<Record<string, string>> =>
    Object.fromEntries((await store.listEntries()).map(({ id, state }) => [id, state]));

  it('is received and dropped, also where it was held back', async () => {
    await keepPhoneFileKey(store, 'ada', keys.published);
    const photo = film(PART_BYTES + 1);
    const crime = await seal('c1');
    const item = await seal('i1', { kind: 'item', file: photo, at: 2 });
    await store.applyEvent('c1', {
      type: 'block',
      reason: 'x',
      at: 1,
      isRefused: false,
      kind: 'refused',
    });
    await save();
    const api = new FakeApi();
    api.answer = [
      arrived(crime),
      arrived(item, { sha256: await sha256Hex(photo), received_at: 'now' }),
    ];
    await fetchReceipts(store, api, false, NOW);
    expect(api.asked).toEqual([['ada', 'c1', 'i1']]);
    expect(await states()).toEqual({ c1: 'received', i1: 'received' });
    expect(await store.getSealedBytes('c1')).toBeNull();
    expect(await store.files.size('i1')).toBeNull();
    // Everything of the file is there, so it asks no more.
    await fetchReceipts(store, api, false, NOW);
    expect(api.asked).toHaveLength(1);
    expect(await store.getCached(SAVED_TO_FILE)).toBeNull();
  });

  it('stays until its photo has arrived too', async () => {
    const item = await seal('i1', { kind: 'item', file: film(9) });
    const api = new FakeApi();
    api.answer = [arrived(item)];
    await fetchReceipts(store, api, true, NOW);
    expect(await states()).toEqual({ i1: 'sealed' });
    expect(await store.getSealedBytes('i1')).not.toBeNull();
  });

  it('does not believe a receipt for other bytes, or for what is not here', async () => {
    await seal('c1');
    const api = new FakeApi();
    api.answer = [
      arrived({ id: 'c1', sha256: '0'.repeat(64) }),
      arrived({ id: 'c9', sha256: '1'.repeat(64) }),
    ];
    await fetchReceipts(store, api, true, NOW);
    expect(await states()).toEqual({ c1: 'sealed' });
  });

  it('asks only where there is reason to', async () => {
    const api = new FakeApi();
    await fetchReceipts(store, api, true, NOW);
    await seal('c1');
    // It is sent in a moment: its own receipt settles it.
    await fetchReceipts(store, api, false, NOW);
    expect(api.asked).toEqual([]);
    await fetchReceipts(store, api, true, NOW);
    expect(api.asked).toEqual([['ada', 'c1']]);
  });

  it('changes nothing without signal', async () => {
    await seal('c1');
    const api = new FakeApi();
    api.answer = null;
    await fetchReceipts(store, api, true, NOW);
    expect(await states()).toEqual({ c1: 'sealed' });
  });
});

describe('carrying a colleague’s file', () => {
  const DONE: CarriedFile = { state: 'done', message: '', total: 2, received: 2, refused: 0 };
  const api = {
    token: 'token',
    announced: [] as unknown[],
    finished: [] as string[],
    announceFile(sha256: string, size: number) {
      this.announced.push({ sha256, size });
      return Promise.resolve({
        file_id: 'f1',
        item_id: 'i1',
        token: this.token,
        endpoint: '/uploads/',
      });
    },
    finishFile(fileId: string): Promise<CarriedFile> {
      this.finished.push(fileId);
      return Promise.resolve(DONE);
    },
    getCarriedFile: (): Promise<CarriedFile> => Promise.resolve(DONE),
  };
  const file = new Blob(['BLPHONE1', film(3 * PART_BYTES)]);

  beforeEach(() => {
    api.token = 'token';
    api.announced = [];
    api.finished = [];
  });

  it('sends every byte with its hash, and says what became of it', async () => {
    const sent: FileToSend[] = [];
    const read: number[] = [];
    const answer = await carryFile(
      file,
      api,
      async (toSend) => {
        sent.push(toSend);
        for (let at = 0; at < toSend.size; at += PART_BYTES)
          read.push((await toSend.read(at, PART_BYTES)).length);
        await toSend.onProgress(toSend.size);
        return null;
      },
      'kemi',
      () => undefined,
    );
    expect(answer).toEqual(DONE);
    const sha256 = await sha256Hex(await file.arrayBuffer());
    expect(api.announced).toEqual([{ sha256, size: file.size }]);
    expect(sent).toMatchObject([{ id: 'i1', sha256, size: file.size, token: 'token' }]);
    expect(read.reduce((a, b) => a + b, 0)).toBe(file.size);
    expect(api.finished).toEqual(['f1']);
  });

  it('sends nothing that the server has', async () => {
    api.token = '';
    const never = (): Promise<null> => Promise.reject(new Error('sent'));
    expect(await carryFile(file, api, never, 'kemi', () => undefined)).toEqual(DONE);
  });

  it('takes no other file', async () => {
    const other = carryFile(
      new Blob(['a photo']),
      api,
      () => Promise.resolve(null),
      'kemi',
      () => undefined,
    );
    await expect(other).rejects.toThrow('not a file from the officer app');
    expect(api.announced).toEqual([]);
  });
});
